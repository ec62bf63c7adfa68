"""An app that a later version brings along; what its second migration does is said by ``PLANTED`` in the environment."""
