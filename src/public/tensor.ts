/** `globe-geolocation/tensor`: tensor programs on ONNX Runtime, with gradients and optimizers. */
export * from '../tensor/index.ts';
