/**
 * One row of a reasoning dataset, and its Parquet columns. The columns of MP16-Reason come first, under their published
 * names. Our additional columns record where each row comes from and why it was accepted.
 */
import type { Coordinate } from '../../core/coordinate.ts';
import type { VisualElement } from '../../core/visual-element.ts';
import { boolean, double, images, string, structs } from './columns.ts';
import type { Column } from './columns.ts';

export type RowImage = { readonly bytes: Uint8Array; readonly path: string };

/** The answer of one annotator. Two reasoning texts about one photo can become a preference pair. */
export type RowAnnotation = {
  readonly annotator: string;
  readonly localizable?: boolean;
  readonly country?: string;
  readonly city?: string;
  readonly coordinate?: Coordinate;
  readonly confidence?: number;
  readonly reasoning?: string;
  readonly evidence?: readonly RowEvidence[];
};

/** A visible thing that an annotator names, and what it suggests. */
export type RowEvidence = {
  readonly thing: string;
  readonly attribute?: string;
  readonly text?: string;
  readonly supports?: string;
};

export type RowGate = {
  readonly gate: string;
  readonly passed: boolean;
  readonly score?: number;
  readonly reason: string;
};

export type DatasetRow = {
  /** This field and the other optional fields are absent in the authors' training files. */
  readonly id?: string;
  readonly coordinate?: Coordinate;
  readonly country: string;
  readonly city: string;
  readonly images: readonly RowImage[];
  /** The reasoning text, without tags. */
  readonly response: string;
  /** Objects that the reasoning mentions. */
  readonly entities: readonly string[];
  /** Elements that a segmentation model found in the image. */
  readonly elements?: readonly VisualElement[];
  readonly scene?: string;
  /** The annotator that wrote the reasoning. */
  readonly annotator?: string;
  readonly promptVersion?: string;
  readonly mode?: string;
  readonly annotations?: readonly RowAnnotation[];
  readonly gates?: readonly RowGate[];
  readonly owner?: string;
  readonly licence?: string;
  readonly hash?: string;
  /** 'accepted' if a person reviewed the row. */
  readonly review?: string;
};

export const COLUMNS: readonly Column[] = [
  string('IMG_ID'),
  double('LAT'),
  double('LON'),
  string('country'),
  string('city'),
  images('images'),
  string('response'),
  string('__#solution'),
  structs('entities', string('text')),
  structs('elements', string('label'), double('share')),
  string('scene'),
  string('annotator'),
  string('prompt_version'),
  string('mode'),
  structs(
    'annotations',
    string('annotator'),
    boolean('localizable'),
    string('country'),
    string('city'),
    double('latitude'),
    double('longitude'),
    double('confidence'),
    string('reasoning'),
    structs('evidence', string('thing'), string('attribute'), string('text'), string('supports')),
  ),
  structs('gates', string('gate'), boolean('passed'), double('score'), string('reason')),
  string('owner'),
  string('licence'),
  string('hash'),
  string('review'),
];

/** Returns the cells of a row by column name. */
export function toCells(row: DatasetRow): Record<string, unknown> {
  const { coordinate, annotations = [], gates = [], elements = [] } = row;
  return {
    IMG_ID: row.id ?? null,
    LAT: coordinate?.latitudeDegrees ?? null,
    LON: coordinate?.longitudeDegrees ?? null,
    country: row.country,
    city: row.city,
    images: row.images,
    response: row.response,
    '__#solution': solutionText(row),
    entities: row.entities.map((text) => ({ text })),
    elements,
    scene: row.scene ?? null,
    annotator: row.annotator ?? null,
    prompt_version: row.promptVersion ?? null,
    mode: row.mode ?? null,
    annotations: annotations.map((annotation) => ({
      annotator: annotation.annotator,
      localizable: annotation.localizable ?? null,
      country: annotation.country ?? null,
      city: annotation.city ?? null,
      latitude: annotation.coordinate?.latitudeDegrees ?? null,
      longitude: annotation.coordinate?.longitudeDegrees ?? null,
      confidence: annotation.confidence ?? null,
      reasoning: annotation.reasoning ?? null,
      evidence: (annotation.evidence ?? []).map(({ thing, attribute = null, text = null, supports = null }) => ({
        thing,
        attribute,
        text,
        supports,
      })),
    })),
    gates: gates.map(({ gate, passed, score, reason }) => ({ gate, passed, score: score ?? null, reason })),
    owner: row.owner ?? null,
    licence: row.licence ?? null,
    hash: row.hash ?? null,
    review: row.review ?? null,
  };
}

/** Returns the cell of the column `__#solution`. The authors' reward function reads its two tags. */
export function solutionText({ country, city }: Pick<DatasetRow, 'country' | 'city'>): string {
  return `<country>${country}</country><city>${city}</city>`;
}

/** Parses the place in a `__#solution` cell. A missing tag becomes an empty string. */
export function parseSolution(text: string): { country: string; city: string } {
  const inside = (tag: string): string =>
    new RegExp(`<${tag}>([^<]*)</${tag}>`, 'iu').exec(text)?.[1]?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  return { country: inside('country'), city: inside('city') };
}
