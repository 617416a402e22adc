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
  const path: string[] = [];
  const parser = sax.parser(true, { trim: true });
  const line = (): number => parser.line + 1;
  parser.onerror = (error) => {
    throw new AnnotationFault(line(), `is not well-formed: ${error.message.split('\n')[0]}`);
  };
  parser.onopentag = ({ name }) => {
    path.push(name);
    if (path.join('/') === 'annotation/object') objects.push({ line: line(), fields: new Map() });
  };
  parser.onclosetag = () => {
    path.pop();
  };
  parser.ontext = (text) => {
    const [root, kind, ...field] = path;
    if (root !== 'annotation') return;
    // `part/bndbox/xmin` is a name of its own.
    const element = kind === 'size' ? size : kind === 'object' ? objects.at(-1) : undefined;
    element?.fields.set(field.join('/'), { text, line: line() });
  };
  parser.write(xml).close();
  const [width, height] = [numberOf(size, 'width'), numberOf(size, 'height')];
  return { width, height, objects: objects.map((object) => objectOf(object, width, height)) };
}

function objectOf(element: Element, width: number, height: number): VocObject {
  const { fields } = element;
  const name = fields.get('name');
  if (name === undefined) throw new AnnotationFault(element.line, 'has an object without a name');
  const at = (corner: string): number => numberOf(element, `bndbox/${corner}`);
  const box = [at('xmin') - 1, at('ymin') - 1, at('xmax'), at('ymax')] as const;
  if (!isInside(box, width, height)) {
    const [left, top, right, bottom] = box;
    const turned = left >= right || top >= bottom ? ', which is nowhere wide or high' : '';
    throw new AnnotationFault(
      fields.get('bndbox/xmin')?.line ?? element.line,
      `has a ${name.text} from ${left + 1}, ${top + 1} to ${right}, ${bottom} in an image of ${width} x ${height}${turned}`,
    );
  }
  return {
    class: name.text,
    box,
    difficult: fields.get('difficult')?.text === '1',
    truncated: fields.get('truncated')?.text === '1',
    line: name.line,
  };
}

function numberOf({ line, fields }: Element, name: string): number {
  const field = fields.get(name);
  if (field === undefined) throw new AnnotationFault(line, `has no ${name}`);
  const value = Number(field.text);
  if (Number.isFinite(value)) return value;
  throw new AnnotationFault(field.line, `has ${JSON.stringify(field.text)} as ${name}`);
}
