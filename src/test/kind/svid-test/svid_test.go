// Package svidtest asks the Workload API for an identity as any Go program does. It is compiled with
// "go test -c" and runs in the pods of the tests in a real cluster.
//
// SPIFFE_ENDPOINT_SOCKET says where the Workload API is, SVIDTEST_TIMEOUT how long to wait (default 30s).
package svidtest

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/spiffe/go-spiffe/v2/workloadapi"
)

func TestFetchX509SVID(t *testing.T) {
	timeout := 30 * time.Second
	if text := os.Getenv("SVIDTEST_TIMEOUT"); text != "" {
		var err error
		if timeout, err = time.ParseDuration(text); err != nil {
			t.Fatalf("SVIDTEST_TIMEOUT: %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()

	// The source keeps trying until the timeout, as it does in a program that starts.
	source, err := workloadapi.NewX509Source(ctx)
	if err != nil {
		t.Fatalf("fetching an X.509 SVID: %v", err)
	}
	defer source.Close()

	svid, err := source.GetX509SVID()
	if err != nil {
		t.Fatalf("reading the X.509 SVID: %v", err)
	}
	leaf := svid.Certificates[0]
	if now := time.Now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		t.Errorf("%s is valid from %s to %s, not at %s", svid.ID, leaf.NotBefore, leaf.NotAfter, now)
	}
	t.Logf("got %s, valid until %s", svid.ID, leaf.NotAfter)
}
