# How much a plan may destroy.
package quarterdeck

destroys := count(destroyed)

resources(1) := "1 resource"

resources(n) := sprintf("%d resources", [n]) if n != 1

at_most(0) := "none"

at_most(n) := sprintf("at most %d", [n]) if n != 0

subject := sprintf("stack %s", [input.subject.service]) if {
	input.subject.kind == "provision"
} else := sprintf("%s in %s", [input.subject.service, input.subject.environment])

hard contains {
	"rule": "max_destroys",
	"message": sprintf(
		"The plan destroys %s (%d of them replacements); %s allows %s.",
		[resources(destroys), count(replaced), subject, at_most(input.settings.maxDestroys)],
	),
} if {
	input.settings.maxDestroys != null
	destroys > input.settings.maxDestroys
}

soft contains {
	"rule": "many_destroys",
	"message": sprintf(
		"The plan destroys %s (%d of them replacements); more than %d require a review.",
		[resources(destroys), count(replaced), input.settings.reviewDestroysAbove],
	),
} if destroys > input.settings.reviewDestroysAbove
