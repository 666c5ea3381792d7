import { writeFileSync } from 'node:fs';
import { defaultReleases } from './bed.ts';
import { imageArchive } from './images.ts';

// `save-images.ts FILE`: writes the bed's images as `docker save` would, for a cluster of somebody else's. Needs /bin/busybox,
// statically linked.
const [, , file = 'images.tar'] = process.argv;
writeFileSync(file, imageArchive({ releases: defaultReleases }));
