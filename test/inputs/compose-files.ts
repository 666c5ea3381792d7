/** What stands in docker-compose files, by what it is, as somebody would paste it. */
export const COMPOSE_FILES: Readonly<Record<string, string>> = {
  'a deploy block': `
deploy:
  mode: replicated
  replicas: 6
  endpoint_mode: vip
  labels:
    com.example.description: sells things
  placement:
    constraints:
      - node.role == worker
    preferences:
      - spread: node.labels.zone
  resources:
    limits: { cpus: '0.50', memory: 50M }
    reservations: { cpus: '0.25', memory: 20M }
  restart_policy:
    condition: on-failure
    delay: 5s
    max_attempts: 3
    window: 120s
  update_config:
    parallelism: 2
    delay: 10s
    failure_action: rollback
    monitor: 30s
    max_failure_ratio: 0.25
    order: start-first
  rollback_config:
    parallelism: 0
    delay: 0s
    failure_action: pause
    monitor: 20s
    max_failure_ratio: 0
    order: stop-first
`,
  'what is in a deploy block': `
replicas: 6
update_config: { parallelism: 2, delay: 10s, monitor: 30s, max_failure_ratio: .25, order: start-first }
rollback_config: { parallelism: 0, delay: 0s, monitor: 20s, order: stop-first }
restart_policy: { condition: any }
x-team: shop
`,
  'a service with its name': `
  web:
    image: registry.example.com/shop/web:1.4.2
    ports: ["8080:80"]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost/"]
      interval: 10s
    deploy:
      replicas: 6
      update_config:
        parallelism: 2
        delay: 10s
        monitor: 30s
        max_failure_ratio: 0.25
        order: start-first
      rollback_config:
        parallelism: 0
        delay: 0s
        monitor: 20s
        order: stop-first
`,
  'a service without its name': `
image: web:1.4.2
environment:
  - SHOP=open
deploy:
  update_config: { parallelism: 2, delay: 10s, monitor: 30s, max_failure_ratio: 0.25, order: start-first }
  rollback_config: { parallelism: 0, delay: 0s, monitor: 20s, order: stop-first }
`,
  'a whole file with anchors, extensions and variables': `
version: "3.8"
name: shop
x-slow: &slow
  parallelism: "2"
  delay: 10s
x-update: &update
  <<: *slow
  monitor: 30s
  max_failure_ratio: "0.25"
  order: start-first
  x-why: it warms its caches first
x-logging: &logging
  driver: json-file
services:
  db:
    image: postgres:17
    logging: *logging
    volumes: [data:/var/lib/postgresql/data]
  web:
    image: "web:\${TAG:-latest}"
    logging: *logging
    depends_on: [db]
    deploy:
      replicas: 6
      update_config: *update
      rollback_config:
        <<: *update
        parallelism: 0
        delay: 0s
        monitor: 20s
        max_failure_ratio: 0
        order: stop-first
volumes:
  data:
networks:
  default:
    driver: overlay
`,
};
