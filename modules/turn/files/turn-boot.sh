#!/bin/bash
# From packages to a relay that its group may count on. cloud-init runs it once, and logs what it says.
set -euo pipefail
trap 'turn-lifecycle failed' ERR

sysctl --quiet --system
agent=/tmp/amazon-cloudwatch-agent.deb
region=$(python3 -c 'import json; print(json.load(open("/etc/telemedicina/turn.json"))["region"])')
if curl -fsS --proto =https --connect-timeout 10 --max-time 120 --retry 5 -o "$agent" \
  "https://amazoncloudwatch-agent-$region.s3.$region.amazonaws.com/ubuntu/amd64/latest/amazon-cloudwatch-agent.deb" &&
  dpkg -i "$agent"; then
  /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
    -c file:/etc/telemedicina/cloudwatch-agent.json || echo "turn-boot: the CloudWatch agent does not run"
else
  echo "turn-boot: no CloudWatch agent, nobody will see this node's log"
fi

# Before anything can fail: what fails is taken out of service, and then must answer.
systemctl daemon-reload
systemctl enable --now turn-lifecycle.service
turn-address
# From here on coturn may start.
install -d -o root -g turnserver -m 0750 /etc/turnserver
turn-secrets
# A relay without TLS helps most callers; the timer tries again.
turn-certificate || true
systemctl enable coturn
systemctl restart coturn
turn-check boot
systemctl enable --now turn-secrets.timer turn-certificate.timer turn-check.timer
turn-lifecycle launched
