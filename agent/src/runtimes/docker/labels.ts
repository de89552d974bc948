/** Labels by which containers say what they are. */
export const TARGET_LABEL = 'mpa.target';
export const COMPOSE_PROJECT = 'com.docker.compose.project';
export const COMPOSE_SERVICE = 'com.docker.compose.service';
export const COMPOSE_DEPENDS_ON = 'com.docker.compose.depends_on';
const COMPOSE_ONEOFF = 'com.docker.compose.oneoff';
const SWARM_TASK = 'com.docker.swarm.task.id';

type Labels = Readonly<Record<string, string>>;

/** What `docker compose run` made: it ends by itself, and is nobody's service. Compose writes `True`. */
export function isOneoff(labels: Labels): boolean {
  return labels[COMPOSE_ONEOFF]?.toLowerCase() === 'true';
}

/** A Swarm task's container: Swarm replaces it, and acting on it would act against Swarm. */
export function isSwarmTask(labels: Labels): boolean {
  return SWARM_TASK in labels;
}
