import { host } from "../src/index.js";

export const alb = host({
  subnet: "aws_subnet.public_a",
  securityGroups: ["aws_security_group.alb"],
  publicIp: true,
  name: "load balancer",
});
export const app = host({
  subnet: "aws_subnet.app_a",
  securityGroups: ["aws_security_group.app"],
  name: "app host",
});
export const appB = host({ subnet: "aws_subnet.app_b", securityGroups: ["aws_security_group.app"] });
export const db = host({
  subnet: "aws_subnet.data_a",
  securityGroups: ["aws_security_group.db"],
  name: "database",
});
