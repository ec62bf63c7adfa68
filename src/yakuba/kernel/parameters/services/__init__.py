from yakuba.kernel.parameters.services.change_value import approve_value, propose_value, reject_value

__all__ = ["approve_value", "propose_value", "reject_value"]
