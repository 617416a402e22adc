#!/usr/bin/env node
import { CommanderError, Command as Parser } from 'commander';
import { SspError, UsageError } from '../base/errors.js';
import { plainText } from '../base/plain-text.js';
import { worldError } from '../execute/store/disk.js';
import type { Command } from './command.js';
import { commands } from './commands.js';
import { holdBuild } from './hold-build.js';
import { type Io, processIo } from './io.js';
import { optimiseLater } from './optimise-later.js';
import { version } from './version.js';
import { settable, wrongWords } from './wrong-words.js';

/** Exit codes of the contract. */
const exit = { fine: 0, failed: 1, usage: 2, bug: 70, interrupted: 130 } as const;

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([n, c]) => `  ${n.padEnd(width)}  ${c.summary}`);
  return [
    'ssp: self-supervised vision experiments as text',
    '',
    'Usage: ssp <command> [file] [options]',
    '',
    'Commands:',
    ...lines,
    '',
    'Examples:',
    '  ssp quickstart',
    '  ssp plan quickstart.ssp --set epochs=40',
    '  ssp report quickstart.ssp -o report',
    '',
    'ssp <command> --help says more. Exit codes: 0 fine, 1 mistakes or a failed stage, 2 wrong usage.',
  ].join('\n');
}

/** Parses the words of one command and runs it. */
async function runCommand(command: Command, words: readonly string[], io: Io): Promise<number> {
  const parser = new Parser(`ssp ${command.name}`)
    .description(command.summary)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: (t) => io.out(t.trimEnd()), outputError: () => {} })
    .addHelpText('after', `\nExamples:\n${command.examples.map((e) => `  ${e}`).join('\n')}`);
  if (words.some((word) => word === '--help' || word === '-h') && settable(command)) {
    const file = words.find((word) => word.endsWith('.ssp'));
    const { paramsHelp } = await import('./text/params-help.js');
    if (file !== undefined) parser.addHelpText('after', paramsHelp(io, file));
  }
  for (const { name, about } of command.arguments) parser.argument(name, about);
  for (const { flags, about, repeated } of command.options) {
    if (repeated) {
      // Without a default of its own: commander would print it.
      parser.option(flags, about, (value: string, all: string[] = []) => [...all, value]);
    } else {
      parser.option(flags, about);
    }
  }
  let code: number = exit.fine;
  parser.action(async () => {
    code = await command.run(io, parser.args.map(unshielded), parser.opts());
  });
  try {
    await parser.parseAsync(words.map(shielded), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exit.fine;
    throw wrongWords(command, words, parser.args.map(unshielded), error);
  }
  return code;
}

/** `-65.3 points` is a number, which a parser of options takes for one unless a blank is before it. */
const shielded = (word: string): string => (/^-\.?\d.*\s/.test(word) ? ` ${word}` : word);
const unshielded = (word: string): string => word.replace(/^ (?=-\.?\d.*\s)/, '');

async function dispatch(words: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = rest[0] === undefined ? undefined : commands[rest[0]];
    if (asked) return runCommand(await asked.load(), ['--help'], io);
    io.out(overview());
    return name === undefined ? exit.usage : exit.fine;
  }
  if (name === '--version' || name === '-V') {
    io.out(version());
    return exit.fine;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const { nearest } = await import('../base/nearest.js');
    const near = nearest(name, Object.keys(commands));
    throw new UsageError(
      `\`${name}\` is no command`,
      near ? `did you mean \`ssp ${near}\`?` : '`ssp --help` lists the commands',
    );
  }
  if (!entry.lasting) optimiseLater();
  return runCommand(await entry.load(), rest, io);
}

/** The one place that turns a failure into words and an exit code. */
function explain(thrown: unknown, io: Io): number {
  // What may not be read or written, wherever that was found, is no bug.
  const { path } = (thrown ?? {}) as { readonly path?: unknown };
  const error = typeof path === 'string' ? worldError(path, thrown) : thrown;
  if (error instanceof SspError) {
    io.err(`ssp: ${plainText(error.message)}`);
    if (error.help !== undefined) io.err(`  help: ${plainText(error.help)}`);
    if (error.code === 'interrupted') return exit.interrupted;
    return error instanceof UsageError ? exit.usage : exit.failed;
  }
  io.err('ssp: this is a bug of ssp; please report it with the lines below');
  io.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exit.bug;
}

holdBuild();
const io = processIo();
const words = process.argv.slice(2);
let code: number;
try {
  code = await dispatch(words, io);
} catch (error) {
  code = explain(error, io);
}
const end = (): void => {
  const lost = io.lost();
  if (lost === undefined) return;
  io.err(`ssp: the result cannot be written to stdout: ${(lost as Error).message}`);
  process.exitCode = code === exit.fine ? exit.failed : code;
};
process.exitCode = code;
process.once('beforeExit', end);
// Whatever a module of the user has left open does not hold its worker.
if (words[0] === 'exec-stage') process.exit();
