/** A label as it is written behind `axis:`. */
export function labelText(label: string): string {
  const plain = /^[A-Za-z_]\w*$/.test(label) && label !== 'else';
  const number = /^-?\d[\d._]*(?:%|[A-Za-z]+)?(?:\.\.-?\d[\d._]*(?:%|[A-Za-z]+)?)?$/.test(label);
  const call = /^[A-Za-z_]\w*\(.*\)$/.test(label);
  return plain || number || call ? label : JSON.stringify(label);
}
