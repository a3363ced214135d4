"""Converts the files of the PyPI package `geoclip` (MIT licence) into the folder that `globe` reads.

    pip install geoclip onnx            # in an environment of its own
    python scripts/build/convert_geoclip.py FOLDER --clip openai/clip-vit-large-patch14

Writes the package's own release format into FOLDER (config.json, model.safetensors, coordinates_100K.csv), which
`GeoCLIP.from_pretrained(FOLDER)` reads as well, and the CLIP image tower as ONNX into FOLDER/clip. --clip is a local
folder or a name on the Hugging Face hub. Without --clip you must fill FOLDER/clip yourself; onnx/vision_model.onnx and
preprocessor_config.json of Xenova/clip-vit-large-patch14 are the same model.
"""

import argparse
import json
import shutil
import sys
import types
from pathlib import Path

# The package's training module needs torchvision; its models do not.
sys.modules.setdefault("geoclip.train", types.ModuleType("geoclip.train")).train = None

import torch
from geoclip import GeoCLIP
from geoclip.model.misc import file_dir
from safetensors.torch import save_file

GALLERY = "coordinates_100K.csv"
BACKBONE = "openai/clip-vit-large-patch14"


class ImageTower(torch.nn.Module):
    """CLIP's image tower with its projection: pixel_values [n, 3, h, w] -> image_embeds [n, projection]."""

    def __init__(self, clip):
        super().__init__()
        self.vision_model = clip.vision_model
        self.visual_projection = clip.visual_projection

    def forward(self, pixel_values):
        return self.visual_projection(self.vision_model(pixel_values=pixel_values).pooler_output)


def export_tower(clip, folder: Path, preprocessor: dict) -> None:
    """Writes onnx/vision_model.onnx (with a separate file of weights if it is large) and preprocessor_config.json."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    side = clip.config.vision_config.image_size
    torch.onnx.export(
        ImageTower(clip).eval(),
        (torch.zeros(1, 3, side, side),),
        folder / "onnx" / "vision_model.onnx",
        input_names=["pixel_values"],
        output_names=["image_embeds"],
        dynamic_axes={"pixel_values": {0: "batch"}, "image_embeds": {0: "batch"}},
        opset_version=18,
        dynamo=False,
    )
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=2) + "\n")


def save_release(model, folder: Path, gallery: Path) -> None:
    """Writes the location encoder, the image head, the scale and the gallery."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"location_encoder.{key}": value for key, value in model.location_encoder.state_dict().items()}
    tensors |= {f"image_encoder.mlp.{key}": value for key, value in model.image_encoder.mlp.state_dict().items()}
    tensors["logit_scale"] = model.logit_scale.detach()
    save_file({key: value.contiguous() for key, value in tensors.items()}, folder / "model.safetensors")
    config = {
        "model_type": "geoclip-geolocation",
        "format_version": 1,
        "sigma": model.location_encoder.sigma,
        "backbone": {"repo_id": BACKBONE, "revision": "main"},
        "gallery_file": GALLERY,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    if gallery.resolve() != (folder / GALLERY).resolve():
        shutil.copyfile(gallery, folder / GALLERY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clip", help="folder or hub name of CLIP ViT-L/14")
    options = parser.parse_args()

    model = GeoCLIP(from_pretrained=True, clip_path=options.clip, clip_pretrained=options.clip is not None)
    save_release(model, options.folder, Path(file_dir) / "gps_gallery" / GALLERY)
    if options.clip is not None:
        processor = model.image_encoder.image_processor
        processor = getattr(processor, "image_processor", processor)
        export_tower(model.image_encoder.CLIP, options.folder / "clip", json.loads(processor.to_json_string()))


if __name__ == "__main__":
    main()
