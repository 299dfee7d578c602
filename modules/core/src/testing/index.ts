export { type Attributes, type Block, StackJson, type TerraformDocument } from "./stack-json.js";
export { synth, synthStack } from "./synth.js";
