import sax from 'sax';
import { type Box, isInside } from '../../artifact/boxes.js';

/** An object in an image, as its annotation file has it. */
export interface VocObject {
  readonly class: string;
  readonly box: Box;
  readonly difficult: boolean;
  readonly truncated: boolean;
  /** Of the file, where it is named. */
  readonly line: number;
}

/** What an annotation file says of its image. */
export interface Annotation {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly VocObject[];
}

/** What is wrong with an annotation file, as the end of a sentence. */
export class AnnotationFault extends Error {
  /** Of the file, from 1. */
  readonly line: number;

  constructor(line: number, found: string) {
    super(found);
    this.line = line;
  }
}

interface Field {
  readonly text: string;
  readonly line: number;
  /** It stands there more than once. */
  readonly isRepeated?: true;
}

/** An element with what stands in it, by its path: `bndbox/xmin`. */
interface Element {
  /** Where it begins. */
  readonly line: number;
  readonly fields: Map<string, Field>;
}

/**
 * Reads an annotation of PASCAL VOC. Parts of objects (heads, hands, feet) are left out; a box of
 * pixels 1 to 10 there is one from 0 to 10 here.
 * @throws AnnotationFault
 */
export function readAnnotation(xml: string): Annotation {
  const size: Element = { line: 1, fields: new Map() };
  const objects: Element[] = [];
  const path: { readonly name: string; readonly line: number; text: string }[] = [];
  const parser = sax.parser(true, { trim: true });
  const line = (): number => parser.line + 1;
  let isBegun = false;
  parser.onerror = (error) => {
    throw new AnnotationFault(line(), `is not well-formed: ${error.message.split('\n')[0]}`);
  };
  parser.onopentag = ({ name }) => {
    if (path.length === 0) {
      if (name !== 'annotation')
        throw new AnnotationFault(line(), `is a <${name}>, no <annotation>`);
      if (isBegun) throw new AnnotationFault(line(), 'has an <annotation> behind its end');
      isBegun = true;
    }
    path.push({ name, line: line(), text: '' });
    if (path.length === 2 && name === 'object') objects.push({ line: line(), fields: new Map() });
  };
  // A comment may stand within a text.
  const said = (text: string): void => {
    const open = path.at(-1);
    if (open) open.text += text;
  };
  parser.ontext = said;
  parser.oncdata = said;
  parser.onclosetag = () => {
    const [, kind, ...inner] = path.map(({ name }) => name);
    const closed = path.pop();
    const element = kind === 'size' ? size : kind === 'object' ? objects.at(-1) : undefined;
    if (!closed || closed.text === '' || inner.length === 0) return;
    // `part/bndbox/xmin` is a name of its own.
    const field = inner.join('/');
    const before = element?.fields.get(field);
    element?.fields.set(
      field,
      before ? { ...before, isRepeated: true } : { text: closed.text, line: closed.line },
    );
  };
  parser.write(xml).close();
  if (!isBegun) throw new AnnotationFault(1, 'has no <annotation>');
  const length = (name: string): number => {
    const value = numberOf(size, name);
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw new AnnotationFault(
      fieldOf(size, name)?.line ?? 1,
      `has ${value} as ${name}, no whole number of pixels`,
    );
  };
  const [width, height] = [length('width'), length('height')];
  return { width, height, objects: objects.map((object) => objectOf(object, width, height)) };
}

function objectOf(element: Element, width: number, height: number): VocObject {
  const name = fieldOf(element, 'name');
  if (name === undefined) throw new AnnotationFault(element.line, 'has an object without a name');
  const at = (corner: string): number => numberOf(element, `bndbox/${corner}`);
  const box = [at('xmin') - 1, at('ymin') - 1, at('xmax'), at('ymax')] as const;
  if (!isInside(box, width, height)) {
    const [left, top, right, bottom] = box;
    const turned = left >= right || top >= bottom ? ', which is nowhere wide or high' : '';
    throw new AnnotationFault(
      fieldOf(element, 'bndbox/xmin')?.line ?? element.line,
      `has a ${name.text} from ${left + 1}, ${top + 1} to ${right}, ${bottom} in an image of ${width} x ${height}${turned}`,
    );
  }
  return {
    class: name.text,
    box,
    difficult: isSet(element, 'difficult'),
    truncated: isSet(element, 'truncated'),
    line: name.line,
  };
}

function numberOf(element: Element, name: string): number {
  const field = fieldOf(element, name);
  if (field === undefined) throw new AnnotationFault(element.line, `has no ${name}`);
  if (/^[+-]?\d+(\.\d*)?$/.test(field.text)) return Number(field.text);
  throw new AnnotationFault(field.line, `has ${JSON.stringify(field.text)} as ${name}, no number`);
}

/** 1 or 0; without one it is not. */
function isSet(element: Element, name: string): boolean {
  const field = fieldOf(element, name);
  if (field === undefined || field.text === '0') return false;
  if (field.text === '1') return true;
  throw new AnnotationFault(
    field.line,
    `has ${JSON.stringify(field.text)} as ${name}, neither 0 nor 1`,
  );
}

function fieldOf({ fields }: Element, name: string): Field | undefined {
  const field = fields.get(name);
  if (field?.isRepeated) throw new AnnotationFault(field.line, `has more than one ${name}`);
  return field;
}
