import type { SspError } from '../../../base/errors.js';

/** A file in an archive: its bytes are those of the archive from `start` on. */
export interface ArchiveFile {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}

/** A second name in an archive, for the file or folder that has the name `to` there. */
export interface ArchiveLink {
  readonly name: string;
  readonly to: string;
}

/** Does a name without `.` and empty parts lead out of its archive? */
export const leadsOut = (name: string): boolean =>
  name.startsWith('/') || name.split('/').includes('..');

/** Links that follow one another; more are a circle, as for Linux. */
const most = 40;

const withContent = 'write it anew with what links lead to: `tar -h`';

/**
 * The files of an archive, also under the names that links give them: those to a file, and those to a
 * folder, whose files have the link's name as a folder's.
 * @throws what `bad` makes of a link to what is not in the archive, or that leads to itself.
 */
export function followLinks(
  members: readonly (ArchiveFile | ArchiveLink)[],
  bad: (found: string, help: string) => SspError,
): readonly ArchiveFile[] {
  if (!members.some(isLink)) return members as readonly ArchiveFile[]; // as checked
  const byName = new Map(members.map((member) => [member.name, member]));
  const follow = (member: ArchiveFile | ArchiveLink, after: number): readonly ArchiveFile[] => {
    if (!isLink(member)) return [member];
    const { name, to } = member;
    const link = `has ${JSON.stringify(name)}, a link`;
    if (after === most) throw bad(`${link} that leads to itself`, 'remove the link');
    if (leadsOut(to)) throw bad(`${link} to ${JSON.stringify(to)} outside of it`, withContent);
    const target = byName.get(to);
    if (target !== undefined) return follow({ ...target, name }, after + 1);
    const below = to === '' ? '' : `${to}/`;
    const inside = members.filter((other) => other.name.startsWith(below));
    if (inside.length === 0) {
      const way = wayThroughLink(to, byName);
      if (way !== undefined) return follow({ name, to: way }, after + 1);
      throw bad(`${link} to ${JSON.stringify(to)}, which is not in it`, withContent);
    }
    return inside.flatMap((other) =>
      follow({ ...other, name: `${name}/${other.name.slice(below.length)}` }, after + 1),
    );
  };
  return members.flatMap((member) => follow(member, 0));
}

/** Where a name leads of which a folder is a link. */
function wayThroughLink(
  to: string,
  byName: ReadonlyMap<string, ArchiveFile | ArchiveLink>,
): string | undefined {
  for (let at = to.lastIndexOf('/'); at > 0; at = to.lastIndexOf('/', at - 1)) {
    const folder = byName.get(to.slice(0, at));
    if (folder && isLink(folder)) return `${folder.to}${to.slice(at)}`;
  }
  return undefined;
}

const isLink = (member: ArchiveFile | ArchiveLink): member is ArchiveLink => 'to' in member;
