import { runtimeContract } from '../../contracts/runtime.ts';
import { DockerBench } from './dockerBench.ts';

runtimeContract('Docker Engine', () => DockerBench.open());
