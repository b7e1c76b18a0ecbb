output "cluster_id" {
  description = "Id of the cluster."
  value       = terraform_data.cluster.id
}

output "nodes" {
  description = "How many nodes the cluster has."
  value       = length(terraform_data.node)
}
