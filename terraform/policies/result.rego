# The answer of every evaluation: each rule that the plan violates, in words.
#
# A rule is a file beside this one, of this package, that adds to `soft` or `hard`:
#   soft contains violation("my_rule", rc, "becomes something that a person should know of") if { ... }
# `soft` asks a person, who may override it with a reason; `hard` ends the run.
package quarterdeck

result := {"evaluated": true, "violations": violations}

violations contains object.union(found, {"level": "soft"}) if some found in soft

violations contains object.union(found, {"level": "hard"}) if some found in hard

# "aws_s3_bucket.logs becomes public".
violation(rule, rc, what) := {"rule": rule, "message": sprintf("%s %s.", [rc.address, what])}
