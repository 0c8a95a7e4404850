"""The dashboards of helm/files/dashboards, made by Grafana's own library.

python -m tools.dashboards write    writes them
python -m tools.dashboards check    fails where a file says something else
"""
