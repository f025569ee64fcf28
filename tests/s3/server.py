"""An S3 server on a free loopback port that checks signatures, for tests.

Prints one line of JSON with its address the key of a user who may read, and a role that may. Standard input has lines of JSON: each stores
an object, or says how many calls are not checked: moto would ask for a signature where AWS asks for none. Ends with its standard input. Needs moto[server] 5.2.1.
"""

import json
import logging
import sys

import boto3
import requests
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
endpoint = "http://%s:%d" % server.get_host_and_port()


def client(service):
    keys = {"aws_access_key_id": "owner", "aws_secret_access_key": "owner"}
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **keys)


def check_signatures(is_on, free="0"):
    """Counts the calls without checks from now on: none or `free`, or all."""
    requests.post(endpoint + "/moto-api/reset-auth", data=free if is_on else "inf", timeout=10).raise_for_status()


iam = client("iam")
iam.create_user(UserName="reader")
policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps(policy))
trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:*"}}
role = iam.create_role(RoleName="sintonia", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
iam.put_role_policy(RoleName="sintonia", PolicyName="read", PolicyDocument=json.dumps(policy))
key = iam.create_access_key(UserName="reader")["AccessKey"]
s3 = client("s3")
s3.create_bucket(Bucket="tables")
check_signatures(True)
answer = {"endpoint": endpoint, "id": key["AccessKeyId"], "secret": key["SecretAccessKey"], "role": role["Arn"]}
print(json.dumps(answer), flush=True)

for line in sys.stdin:
    given = json.loads(line)
    if "free" in given:
        check_signatures(True, str(given["free"]))
        print(json.dumps(given), flush=True)
        continue
    check_signatures(False)
    s3.put_object(Bucket="tables", Key=given["key"], Body=bytes.fromhex(given["hex"]))
    check_signatures(True)
    print(json.dumps({"stored": given["key"]}), flush=True)
server.stop()
