"""The AWS stack in CDK: one construct for each logical unit, told its values, reading no runtime code but settings."""
