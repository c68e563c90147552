#!/bin/sh
# Starts the controller, unless a password is missing, short or a placeholder: Configuration as Code would take
# a missing one for an empty one. It names all of them at once.
set -eu

secrets=${SECRETS:-/run/secrets}
required='JENKINS_ADMIN_PASSWORD JENKINS_RELEASE_MANAGER_PASSWORD JENKINS_AGENT_BUILD_PASSWORD JENKINS_AGENT_DEPLOY_PASSWORD'
complaints=

for name in $required; do
  value=$(cat "$secrets/$name" 2>/dev/null || true)
  case $value in
    '') complaints="$complaints $name is missing." ;;
    *change?me* | *changeme* | *password* | *example*) complaints="$complaints $name is a placeholder." ;;
    *) [ ${#value} -ge 20 ] || complaints="$complaints $name is shorter than 20 characters." ;;
  esac
done

if [ -n "$complaints" ]; then
  echo "Jenkins does not start:$complaints npm run jenkins:secrets writes them." >&2
  exit 1
fi
exec "${JENKINS_PROGRAM:-/usr/local/bin/jenkins.sh}" "$@"
