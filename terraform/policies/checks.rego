# Failed `check` blocks of the Terraform code: Terraform itself would continue.
package quarterdeck

soft contains {
	"rule": "failed_check",
	"message": sprintf("The check %s of the Terraform code fails.", [check.address.to_display]),
} if {
	some check in object.get(input.plan, "checks", [])
	check.status in {"fail", "error"}
}
