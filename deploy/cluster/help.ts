console.log(`Programs of this image, started as node dist/deploy/cluster/<name>.js:
  print-secrets   every Secret of a production installation, as a manifest
  migrate         brings a database up to date (the chart's hook Job runs it)
  create-secrets  development: makes missing Secrets
  remove-secrets  development: takes them away again
  build-world     development: the contracts on a development chain
  main-job        the smoke test: one session's whole life through the gateway`);
