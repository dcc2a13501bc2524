"""Invented people of an invented MASH, one of each role, so that a newcomer can sign in at once.

They are added to the emulator's user pool once it stands: the template, which a real stage is deployed from,
knows neither them nor their password.
"""

import secrets

import boto3

from infra.local.emulator import Emulator

PEOPLE = {
    "manager@northshire.example": ("Morgan Ellery", "mash-managers"),
    "viewer@northshire.example": ("Vic Hartnell", "mash-viewers"),
    "auditor@northshire.example": ("Alex Quillan", "mash-auditors"),
    "police-desk@northshire.example": ("Perry Dunmore", "mash-police-desk"),
}
"""By the address that each signs in with: their name, and their group of the pool."""


def let_staff_in(emulator: Emulator, pool_id: str) -> str:
    """Adds everybody to the pool; the password that they share, which is of this run alone."""
    password = f"Made-up-1{secrets.token_hex(4)}"
    pool = boto3.client("cognito-idp", **emulator.connection)
    for address, (name, group) in PEOPLE.items():
        pool.admin_create_user(
            UserPoolId=pool_id,
            Username=address,
            MessageAction="SUPPRESS",
            TemporaryPassword=password,
            UserAttributes=[
                {"Name": "email", "Value": address},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": name},
            ],
        )
        pool.admin_set_user_password(UserPoolId=pool_id, Username=address, Password=password, Permanent=True)
        pool.admin_add_user_to_group(UserPoolId=pool_id, Username=address, GroupName=group)
    return password
