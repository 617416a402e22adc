// Generated from stdlib/backbone.ssp by `npm run gen`. Do not edit.
import type { NetworkParameter } from './network-parameter.js';

export const networks: Readonly<Record<string, Readonly<Record<string, NetworkParameter>>>> = {
  resnet18: { width: {"expected":"Int(1..)","is":"whole","low":1,"default":64}, stem: {"expected":"\"imagenet\" | \"small\" | \"small-half\"","is":"text","choices":["imagenet","small","small-half"],"default":"imagenet"}, zero_init_residual: {"expected":"Bool","is":"bool","default":false} },
  resnet34: { width: {"expected":"Int(1..)","is":"whole","low":1,"default":64}, stem: {"expected":"\"imagenet\" | \"small\" | \"small-half\"","is":"text","choices":["imagenet","small","small-half"],"default":"imagenet"}, zero_init_residual: {"expected":"Bool","is":"bool","default":false} },
  resnet50: { width: {"expected":"Int(1..)","is":"whole","low":1,"default":64}, stem: {"expected":"\"imagenet\" | \"small\" | \"small-half\"","is":"text","choices":["imagenet","small","small-half"],"default":"imagenet"}, zero_init_residual: {"expected":"Bool","is":"bool","default":false} },
  vit_ti: { patch: {"expected":"Int(1..)","is":"whole","low":1}, image: {"expected":"Pixels(4px..)","is":"whole","low":4}, drop_path: {"expected":"Fraction(0%..99%)","is":"number","low":0,"high":0.99,"default":0} },
  vit_s: { patch: {"expected":"Int(1..)","is":"whole","low":1}, image: {"expected":"Pixels(4px..)","is":"whole","low":4}, drop_path: {"expected":"Fraction(0%..99%)","is":"number","low":0,"high":0.99,"default":0} },
  vit_b: { patch: {"expected":"Int(1..)","is":"whole","low":1}, image: {"expected":"Pixels(4px..)","is":"whole","low":4}, drop_path: {"expected":"Fraction(0%..99%)","is":"number","low":0,"high":0.99,"default":0} },
  pixels: { size: {"expected":"Pixels(4px..)","is":"whole","low":4} },
};
