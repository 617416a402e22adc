import { gatherContent, type ReportInput } from '../content.js';
import { markup } from './markup.js';
import { reportPage } from './page.js';

/** The report as one page with the archive behind it that a bundle has; and what could not be shown. */
export async function bundlePage(
  input: ReportInput,
): Promise<{ readonly page: string; readonly notes: readonly string[] }> {
  const content = await gatherContent(input);
  const beside = markup`The source, the plan and the results are in this file too: <code>ssp run --from FILE</code> runs with them, and <code>unzip</code> unpacks it.`;
  return { page: reportPage(content, beside), notes: content.notes };
}
