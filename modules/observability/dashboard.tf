locals {
  region = data.aws_region.this.name

  # The database and the cache are named like the environment.
  widgets = [
    {
      title   = "Errors of the service"
      metrics = [for name in keys(local.watched) : ["${var.name}/application", name, { stat = "Sum" }]]
    },
    {
      title = "Database: load"
      metrics = [
        ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.name, { stat = "Average" }],
        ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", var.name, { stat = "Maximum", yAxis = "right" }],
      ]
    },
    {
      title = "Database: latency of the volume"
      metrics = [
        ["AWS/RDS", "ReadLatency", "DBInstanceIdentifier", var.name, { stat = "Average" }],
        ["AWS/RDS", "WriteLatency", "DBInstanceIdentifier", var.name, { stat = "Average" }],
      ]
    },
    {
      title = "Database: storage and memory left"
      metrics = [
        ["AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", var.name, { stat = "Minimum" }],
        ["AWS/RDS", "FreeableMemory", "DBInstanceIdentifier", var.name, { stat = "Minimum", yAxis = "right" }],
      ]
    },
    {
      title = "Cache: hits and misses"
      metrics = [
        ["AWS/ElastiCache", "CacheHits", "CacheClusterId", "${var.name}-001", { stat = "Sum" }],
        ["AWS/ElastiCache", "CacheMisses", "CacheClusterId", "${var.name}-001", { stat = "Sum" }],
      ]
    },
    {
      title = "Cache: memory and evictions"
      metrics = [
        ["AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "CacheClusterId", "${var.name}-001", { stat = "Average" }],
        ["AWS/ElastiCache", "Evictions", "CacheClusterId", "${var.name}-001", { stat = "Sum", yAxis = "right" }],
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for index, widget in local.widgets : {
      type   = "metric"
      x      = index % 2 * 12
      y      = floor(index / 2) * 6
      width  = 12
      height = 6
      properties = {
        title   = widget.title
        region  = local.region
        view    = "timeSeries"
        period  = 300
        metrics = widget.metrics
      }
    }]
  })
}
