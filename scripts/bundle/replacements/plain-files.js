import { accessSync, appendFileSync, constants, existsSync, writeFileSync } from 'node:fs';

export { appendFileSync, constants, existsSync };

// A step writes one small summary: Node's fs.promises would take longer to load than that takes to write.
export const promises = {
  access: async (...given) => accessSync(...given),
  appendFile: async (...given) => appendFileSync(...given),
  writeFile: async (...given) => writeFileSync(...given),
};
