// Command etcd is the server of go.etcd.io/etcd/server alone: the release's own main package cannot be built by a
// module that requires it.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
