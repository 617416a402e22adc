import type { CommanderError } from 'commander';
import { UsageError } from '../base/errors.js';
import { own } from '../base/own.js';
import { type Command, common } from './command.js';

/** Commands that take `--set` say what can be set when their help is asked for with a file. */
export const settable = (command: Command): boolean => command.options.includes(common.set);

/** What is wrong with the words of a command, and what to write instead. */
export function wrongWords(
  command: Command,
  words: readonly string[],
  /** The words that are no options and belong to none. */
  operands: readonly string[],
  error: CommanderError,
): UsageError {
  const { name, arguments: taken, examples } = command;
  const like =
    examples[0] === undefined ? `\`ssp ${name} --help\` says more` : `as in \`${examples[0]}\``;
  const message = error.message.replace(/^error: /, '');
  switch (error.code) {
    case 'commander.missingArgument': {
      const missing = taken.slice(operands.length).find(({ name: of }) => of.startsWith('<'));
      const what = missing ? `${missing.name}, ${missing.about}` : 'one more word';
      return new UsageError(`\`ssp ${name}\` needs ${what}`, like);
    }
    case 'commander.excessArguments': {
      const found = operands[taken.length] ?? '';
      const few = taken.length === 0 ? 'nothing' : taken.map((argument) => argument.name).join(' ');
      const more = `\`ssp ${name}\` takes ${few}, found \`${found}\` besides`;
      return new UsageError(more, extraHelp(command, words, operands) ?? like);
    }
    case 'commander.unknownOption': {
      const [first = ''] = message.split('\n');
      const near = /\(Did you mean (.*)\?\)$/.exec(message)?.[1];
      const instead = words.flatMap((word) => own(command.instead ?? {}, word) ?? []);
      const usual = [
        ...(near === undefined ? [] : [`did you mean \`${near}\`?`]),
        ...settingHelp(command, words, first),
        `\`ssp ${name} --help\` lists the options`,
      ];
      return new UsageError(quoted(first), (instead.length > 0 ? instead : usual).join('; '));
    }
    default:
      return new UsageError(quoted(message), like);
  }
}

/** `epochs=3` as Hydra takes it, `--set size 16px`, and what has blanks without quotes. */
function extraHelp(
  command: Command,
  words: readonly string[],
  operands: readonly string[],
): string | undefined {
  const extra = operands.slice(command.arguments.length);
  const assigned = extra.map((word) => /^[+~]*([\w.]+=.*)$/.exec(word)?.[1]);
  if (assigned.every((text) => text !== undefined)) {
    const options = assigned.map((text) => `--set ${shell(text ?? '')}`).join(' ');
    return settable(command)
      ? `a param of the file is set with \`${options}\``
      : `\`ssp ${command.name}\` sets no params`;
  }
  const [value = ''] = extra;
  const name = words[words.indexOf(value) - 1] ?? '';
  if (words[words.indexOf(value) - 2]?.startsWith('--set') && /^[A-Za-z_]\w*$/.test(name)) {
    return `name and value are one word: \`--set ${shell(`${name}=${value}`)}\``;
  }
  const [last] = command.arguments.slice(-1);
  if (!last || value.endsWith('.ssp') || !operands.some((word) => /[[\]:%]/.test(word)))
    return undefined;
  const parts = operands.slice(command.arguments.length - 1);
  if (parts[0]?.endsWith('.ssp')) return undefined;
  const whole = parts.join(' ');
  return `what has blanks or brackets stands in quotes: \`'${whole}'\``;
}

/** `--epochs 3` and `--epochs=3`, as argparse takes them. */
function settingHelp(
  command: Command,
  words: readonly string[],
  message: string,
): readonly string[] {
  const found = /^unknown option '(--([A-Za-z_][\w-]*))/.exec(message);
  if (!settable(command) || found?.[1] === undefined || found[2] === undefined) return [];
  const [option, name] = [found[1], found[2].replaceAll('-', '_')];
  const at = words.findIndex((word) => word === option || word.startsWith(`${option}=`));
  const next = words[at + 1];
  const value = words[at]?.includes('=')
    ? words[at].slice(option.length + 1)
    : next === undefined || next.startsWith('--') || next.endsWith('.ssp')
      ? '…'
      : next;
  return [
    `if \`${name}\` is a param of the file, it is set with \`--set ${shell(`${name}=${value}`)}\``,
  ];
}

const quoted = (message: string): string => message.replaceAll("'", '`');

/** A word as a shell takes it: in quotes where it has blanks or signs of its own. */
const shell = (word: string): string =>
  /^[\w.,:/%+=…-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
