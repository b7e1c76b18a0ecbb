# The result of every evaluation: each rule that the plan violates, with a message.
#
# A rule is a file in this folder and of this package that adds to `soft` or `hard`:
#   soft contains violation("my_rule", rc, "becomes something that an approver must see") if { ... }
# An approver may override a `soft` violation with a reason. A `hard` violation ends the run.
package quarterdeck

result := {"evaluated": true, "violations": violations}

violations contains object.union(violated, {"level": "soft"}) if some violated in soft

violations contains object.union(violated, {"level": "hard"}) if some violated in hard

# "aws_s3_bucket.logs becomes public".
violation(rule, rc, what) := {"rule": rule, "message": sprintf("%s %s.", [rc.address, what])}
