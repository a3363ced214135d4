/** Drawn photos for tests, with every kind of metadata block that real cameras and archive programs write. */
import sharp from 'sharp';

/** Draws a small picture. Its pattern shows how it was rotated or cropped. */
export async function picture({ width = 64, height = 48 } = {}): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#3060c0"/><rect width="50%" height="50%" fill="#e0b040"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Returns a JPEG segment: marker, length, payload. */
export function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xff00 | marker, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

/** Texts in the photos' metadata that must never leave the program. Tests search requests for these texts. */
export const SECRETS = ['48.858', 'secret title', 'geo:lat=48858', 'Eiffel', 'XMPSECRET', 'IPTCSECRET'] as const;

/** Returns a JPEG that was taken at 48.8583, 2.2945. It has EXIF (GPS, time), XMP, IPTC and two comments. */
export async function photoWithMetadata({ width = 64, height = 48, orientation = 1 } = {}): Promise<Buffer> {
  const base = await sharp(await picture({ width, height }))
    .withExif({
      IFD0: { Make: 'GLOBE', ImageDescription: 'Eiffel', Orientation: String(orientation) },
      IFD2: { DateTimeOriginal: '2024:05:06 07:08:09', OffsetTimeOriginal: '+02:00' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '48/1 51/1 2988/100',
        GPSLongitudeRef: 'E',
        GPSLongitude: '2/1 17/1 402/10',
      },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>XMPSECRET 48.858</secret></x:xmpmeta>')
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
  const iptc = Buffer.concat([
    Buffer.from('Photoshop 3.0\u00008BIM\u0004\u0004\u0000\u0000\u0000\u0000\u0000\u0010', 'latin1'),
    Buffer.from([0x1c, 2, 90, 0, 10]),
    Buffer.from('IPTCSECRET\u0000', 'latin1'),
  ]);
  return Buffer.concat([
    base.subarray(0, 2),
    segment(0xfe, Buffer.from('title: secret title')),
    segment(0xfe, Buffer.from('tags: geo:lat=48858 latitude: 48.858')),
    segment(0xed, iptc),
    base.subarray(2),
  ]);
}
