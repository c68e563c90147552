#!/bin/sh
# What Prometheus is to scrape on a host, by the host's duty: app, monitor or both. Prints its configuration.
# Where monitoring is a host of its own, the others measure, and hand on what they measured under their own
# names, since containers are called the same on all of them. Rules are for the one that sees all; a host asks
# itself only how full it is (infra/host/bin/aeroflash-saturation).
set -eu
here=$(dirname "$0")
: "${DUTY:?app, monitor or both}" "${HOST_NAME:?of the host}"

case $DUTY in
app) sed -e '/^  # Of those who watch:/,$d' -e '/^alerting:/,/^$/d' -e "s#^rule_files:.*#rule_files: [$here/rules/saturation.yml]#" "$here/prometheus.yml" ;;
monitor) sed -e '/^  # Of those who sell:/,/^  # Of those who watch:/d' -e "s#\[rules/#[$here/rules/#" "$here/prometheus.yml" ;;
both) sed -e "s#\[rules/#[$here/rules/#" "$here/prometheus.yml" ;;
*)
  echo "no such duty: $DUTY" >&2
  exit 64
  ;;
esac

if [ "$DUTY" = app ]; then
  cat <<REMOTE
remote_write:
  - url: ${REMOTE_WRITE_URL:?of the monitoring host}
    write_relabel_configs:
      - { source_labels: [__name__], regex: '.*:.*|ALERTS.*', action: drop }
      - { source_labels: [instance], regex: (.+), replacement: '$HOST_NAME/\$1', target_label: instance }
REMOTE
else
  cat <<RDS
  - job_name: rds
    scrape_interval: 60s
    scrape_timeout: 20s
    static_configs: [{ targets: ['cloudwatch-exporter:5000'] }]
RDS
fi
