import { readFileSync } from 'node:fs';

const standard = (name: string) =>
  readFileSync(new URL(`../../stdlib/${name}.ssp`, import.meta.url), 'utf8');

/** `std.data` with the data sets that people keep on disk, `std.backbone` with a ResNet-50. */
export const libraryFixture: ReadonlyMap<string, string> = new Map([
  [
    'std.data',
    `
extern stage imagenet(root: Folder, classes: Path? = none, size: Pixels = 224px) -> Images
extern stage cifar10(root: Folder) -> Images
extern stage cifar100(root: Folder) -> Images
extern stage stl10(root: Folder) -> Images
extern stage emoji(size: Pixels(8px..512px) = 32px) -> Images
`,
  ],
  [
    'std.backbone',
    'extern value resnet50(width: Int(1..) = 64) -> Backbone\nextern value resnet18(width: Int(1..) = 64) -> Backbone\n',
  ],
  [
    'std.ssl',
    [
      standard('ssl'),
      ...['byol', 'dino']
        .filter((name) => !standard('ssl').includes(`extern value ${name}(`))
        .map((name) => `extern value ${name}(momentum: Float(0.0..1.0) = 0.99) -> Method\n`),
    ].join('\n'),
  ],
]);
