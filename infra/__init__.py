"""The AWS stack in CDK: one construct for each logical unit; it reads no runtime code but settings."""
