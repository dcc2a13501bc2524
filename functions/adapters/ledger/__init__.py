"""The DynamoDB tables: the trail, the state, the keys.

The only package that spells a key or an expression.
"""
