/**
 * What runs inside the emulator's Python process: moto's own server, bound to a port that it tells
 * us, and three addresses that moto lacks, because moto's `data.json` lists every object that ever
 * lived, deleted ones included:
 *
 * - `POST /rehearsal/baseline`: what lives now is the account's normal state;
 * - `GET /rehearsal/leftovers`: what lives now and is not in the baseline;
 * - `GET /rehearsal/pending-deletion`: what was deleted and is kept for some days, as on AWS.
 *
 * What a service holds from birth (default VPC, public images, managed policies) belongs to the
 * baseline, whenever moto gets round to making it. Objects are compared by identity, not by name.
 *
 * GONE and QUIRKS are the places where "is in moto's memory" does not mean "exists in the account".
 */
export const EMULATOR_PROGRAM = `
import collections
import json
import os
import sys
import threading

import moto
import moto.backends
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

GONE = {"deleted", "terminated", "pendingdeletion"}

# (service, class, when it does not count, why)
QUIRKS = [
    ("ec2", "NetworkInterface", lambda o, b: any(getattr(n, "_eni", None) is o for n in b.nat_gateways.values() if is_gone(n)),
     "moto keeps the interface of a NAT gateway that is deleted"),
    ("ec2", "NetworkAcl", lambda o, b: str(o.default).lower() == "true" and o.vpc_id not in b.vpcs,
     "moto keeps the default network ACL of a VPC that is deleted"),
    ("ssm", "Parameter", lambda o, b: o.name.startswith("/aws/service/"),
     "public parameters appear when they are first asked for"),
    ("kms", "Key", lambda o, b: any(a.alias_name.startswith("alias/aws/") for a in aliases_of(o)),
     "keys that AWS manages appear when they are first asked for"),
    ("kms", "Alias", lambda o, b: o.alias_name.startswith("alias/aws/"),
     "keys that AWS manages appear when they are first asked for"),
    ("ec2", "Reservation", lambda o, b: all(is_gone(i) for i in o.instances),
     "a record of what was started, not a resource"),
    ("ec2", "NetworkInterface", lambda o, b: o.instance is not None and is_gone(o.instance),
     "moto keeps the interface of an instance that is terminated"),
    ("ec2", "Volume", lambda o, b: o.attachment is not None and is_gone(o.attachment.instance),
     "moto gives an instance the image's own root volume beside that of its template, and keeps it"),
    ("autoscaling", "LifecycleHook", lambda o, b: o.auto_scaling_group_name not in b.autoscaling_groups,
     "moto keeps the hooks of a group that is deleted"),
    ("route53", "DelegationSet", lambda o, b: o.caller_reference.startswith("DelSet_"),
     "moto makes one for every zone and keeps it when the zone is deleted; on AWS it is part of the zone"),
    ("sts", "AssumedRole", lambda o, b: True, "a session, not a resource"),
    ("cloudwatch", "MetricDatumBase", lambda o, b: True, "a measurement, not a resource"),
    ("cloudwatch", "MetricDatum", lambda o, b: True, "a measurement, not a resource"),
]

# Helpers of moto's own, and data inside a resource: an object in a bucket, an event in a log.
NOT_RESOURCES = {"TaggingService", "FakeKey", "FakeDeleteMarker", "LogEvent", "LogStream", "Message", "AccountSummary"}

# Deleted, but kept for some days, as on AWS: (service, class) and how the report calls it.
KEPT = {("kms", "Key"): "KMS keys", ("secretsmanager", "FakeSecret"): "secrets"}

DEPTH = 3


def is_gone(thing):
    if getattr(thing, "deleted_date", None) is not None:
        return True
    for name in ("state", "_state", "status", "key_state", "lifecycle_state"):
        value = getattr(thing, name, None)
        value = getattr(value, "name", value)
        if isinstance(value, str) and value.lower() in GONE:
            return True
    return False


def aliases_of(key):
    return getattr(key, "aliases", {}).values()


def is_quirk(service, thing, backend):
    for quirk_service, kind, applies, _why in QUIRKS:
        if service == quirk_service and type(thing).__name__ == kind and applies(thing, backend):
            return True
    return False


def walk(value, path, depth, seen, found, skip):
    if id(value) in seen:
        return
    if isinstance(value, dict):
        seen.add(id(value))
        for key, item in list(value.items()):
            walk(item, path + [str(key)], depth, seen, found, skip)
    elif isinstance(value, (list, tuple, set, frozenset)):
        seen.add(id(value))
        for item in list(value):
            walk(item, path, depth, seen, found, skip)
    elif type(value).__module__.startswith("moto.") and not isinstance(value, (BaseBackend, BackendDict, type)):
        if type(value).__name__ in NOT_RESOURCES or skip(value):
            return
        seen.add(id(value))
        found.append((value, path))
        if depth > 0:
            for name, item in list(getattr(value, "__dict__", {}).items()):
                if isinstance(item, (dict, list, tuple, set, frozenset)):
                    walk(item, path + [name], depth - 1, seen, found, skip)


def contents(backend, skip=lambda thing: False):
    seen, found = set(), []
    for name, value in list(backend.__dict__.items()):
        walk(value, [name], DEPTH, seen, found, skip)
    return found


# Keeps the objects alive as well, so that an identity is never used twice.
known = {}
known_backends = {}
lock = threading.RLock()
get_backend = AccountSpecificBackend.__getitem__


def get_backend_and_remember_its_birth(self, region):
    backend = get_backend(self, region)
    if id(backend) not in known_backends:
        with lock:
            if id(backend) not in known_backends:
                remember(backend)
                known_backends[id(backend)] = backend
    return backend


AccountSpecificBackend.__getitem__ = get_backend_and_remember_its_birth


def remember(backend):
    for thing, _path in contents(backend):
        known[id(thing)] = thing


def backends():
    for services in list({id(entry): entry for entry in BackendDict._instances}.values()):
        for account, region, backend in list(services.iter_backends()):
            yield services.service_name, account, region, backend


def label(thing, path):
    for name in ("arn", "id", "name"):
        value = getattr(thing, name, None)
        if isinstance(value, str) and value:
            return value
    return "/".join(path[1:]) or path[0]


def leftovers():
    left = []
    for service, account, region, backend in backends():
        for thing, path in contents(backend, lambda o: is_gone(o) or is_quirk(service, o, backend)):
            if id(thing) not in known:
                left.append({
                    "service": service,
                    "account": account,
                    "region": region,
                    "kind": type(thing).__name__,
                    "id": label(thing, path),
                })
    return left


def pending_deletion():
    return [
        {"service": service, "account": account, "region": region,
         "kind": KEPT[(service, type(thing).__name__)], "id": label(thing, path)}
        for service, account, region, backend in backends()
        for thing, path in contents(backend)
        if (service, type(thing).__name__) in KEPT and is_gone(thing) and id(thing) not in known
    ]


class Application(DomainDispatcherApplication):
    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path == "/rehearsal/baseline" and environ.get("REQUEST_METHOD") == "POST":
            with lock:
                for _service, _account, _region, backend in backends():
                    remember(backend)
            return answer(start_response, {"known": len(known)})
        if path == "/rehearsal/leftovers":
            with lock:
                return answer(start_response, leftovers())
        if path == "/rehearsal/pending-deletion":
            with lock:
                return answer(start_response, pending_deletion())
        return super().__call__(environ, start_response)


def answer(start_response, value):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(value).encode()]


def end_with_the_parent():
    # The pipe closes when the command that started us ends, even by kill -9.
    while os.read(0, 1024):
        pass
    os._exit(0)


def warm_up(account, region):
    # Importing a service and building its first backend takes up to a second: not while Terraform waits.
    for service in ("sts", "s3", "iam", "ec2", "kms", "logs"):
        home = "aws" if service in ("s3", "iam") else region
        moto.backends.get_backend(service)[account][home]


class Answers:
    """What was answered to the last calls.

    An AWS library that hears no answer in time tries again, with the same invocation id. On AWS most calls are safe
    to repeat; moto has made the subnet or the gateway by then, and finds itself in the way. So a call that has been
    carried out is not carried out again: the second try gets the first one's answer.
    """

    KEPT = 1000

    def __init__(self, application):
        self.application = application
        self.answers = collections.OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if call is None:
            return self.application(environ, start_response)
        with self.lock:
            answer = self.answers.setdefault(call, {"lock": threading.Lock()})
            while len(self.answers) > self.KEPT:
                self.answers.popitem(last=False)
        with answer["lock"]:
            if "body" not in answer:
                head = []
                body = b"".join(self.application(environ, lambda *given: head.append(given)))
                status, headers = head[0][:2]
                # A fault of the server is what a second try is for.
                if status.startswith("5"):
                    start_response(status, headers)
                    return [body]
                answer.update(status=status, headers=headers, body=body)
        start_response(answer["status"], answer["headers"])
        return [answer["body"]]


def know_canonicals_images():
    # AWS lists Ubuntu's current images under public parameters; moto 5.2.1 knows those of Amazon Linux only. It
    # has an Ubuntu image of its own, which stands for all of them.
    import datetime

    from moto.ssm.models import Parameter, SimpleSystemManagerBackend

    get_parameter = SimpleSystemManagerBackend.get_parameter

    def get_parameter_or_image(self, name):
        found = get_parameter(self, name)
        if found is not None or not name.startswith("/aws/service/canonical/ubuntu/"):
            return found
        return Parameter(
            account_id=self.account_id, name=name, value="ami-1e749f67", parameter_type="String", description=None,
            allowed_pattern=None, keyid=None, last_modified_date=datetime.datetime(2026, 1, 1), version=1,
            data_type="aws:ec2:image",
        )

    SimpleSystemManagerBackend.get_parameter = get_parameter_or_image


def let_deployments_end():
    # moto 5.2.1 keeps a deployment of CodeDeploy as it was created for ever, knows none as a group's last one, and has
    # no StopDeployment. Here it has ended when it is first asked for: well, if S3 has its revision.
    from moto.codedeploy.models import CodeDeployBackend, DeploymentGroup, DeploymentInfo
    from moto.codedeploy.responses import CodeDeployResponse

    get_deployment = CodeDeployBackend.get_deployment
    deployment_to_dict, group_to_dict = DeploymentInfo.to_dict, DeploymentGroup.to_dict

    def get_ended_deployment(self, deployment_id):
        deployment = get_deployment(self, deployment_id)
        if deployment.status == "Created":
            place = deployment.revision.get("s3Location", {})
            bucket = moto.backends.get_backend("s3")[self.account_id]["aws"].buckets.get(place.get("bucket"))
            if bucket is not None and place.get("key") in bucket.keys:
                deployment.status = "Succeeded"
                deployment.deployment_group.last_successful = deployment_id
            else:
                deployment.status = "Failed"
        return deployment

    def deployment_with_its_error(self):
        error = {"code": "REVISION_MISSING", "message": "The revision is not in S3"} if self.status == "Failed" else {}
        return {**deployment_to_dict(self), "errorInformation": error}

    def group_with_its_deployment(self):
        last = getattr(self, "last_successful", None)
        return {
            **group_to_dict(self),
            # The input has names here, and the output groups; moto hands out its input.
            "autoScalingGroups": [{"name": name} for name in self.auto_scaling_groups or []],
            "lastSuccessfulDeployment": {"deploymentId": last} if last else {},
        }

    def stop_deployment(self):
        self.codedeploy_backend.get_deployment(self._get_param("deploymentId")).status = "Stopped"
        return json.dumps({"status": "Succeeded"})

    CodeDeployBackend.get_deployment = get_ended_deployment
    DeploymentInfo.to_dict = deployment_with_its_error
    DeploymentGroup.to_dict = group_with_its_deployment
    CodeDeployResponse.stop_deployment = stop_deployment


def main():
    port, ready_file, watch = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "watch"
    try:
        server = make_server("127.0.0.1", port, Answers(Application(create_backend_app)), threaded=True)
    except (OSError, SystemExit) as error:
        # werkzeug reports a port in use by leaving the program.
        print(error, file=sys.stderr)
        os._exit(98)
    os.environ["MOTO_PORT"] = str(server.port)
    know_canonicals_images()
    let_deployments_end()
    if watch:
        threading.Thread(target=end_with_the_parent, daemon=True).start()
    threading.Thread(target=warm_up, args=(os.environ["MOTO_ACCOUNT_ID"], sys.argv[4]), daemon=True).start()
    with open(ready_file + ".new", "w") as file:
        json.dump({"port": server.port, "pid": os.getpid(), "version": moto.__version__}, file)
    os.rename(ready_file + ".new", ready_file)
    server.serve_forever()


main()
`.trimStart();
