import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * The only importer of Chevrotain. Its package entry is 644 small files and takes a quarter of a
 * second to load, which every command would pay; its own bundle holds the same exports in one file.
 */
const entry = pathToFileURL(createRequire(import.meta.url).resolve('chevrotain'));
const bundle = (await import(
  new URL('../chevrotain.min.mjs', entry).href
)) as typeof import('chevrotain');

export const { createToken, CstParser, defaultParserErrorProvider, EOF } = bundle;
export const { generateCstDts, Lexer } = bundle;

export type {
  CstElement,
  CstNode,
  ICstVisitor,
  IRecognitionException,
  ISerializedGast,
  IToken,
  ParserMethod,
  TokenType,
} from 'chevrotain';
