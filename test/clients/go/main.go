// Runs the operations of one Go client in every cell: `clients v1|v2`, cells in OSS_CELLS.
//
// Prints one line of JSON for each operation: {"cell": N, "operation": NAME, "error": TEXT or null}
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

const key = "目录/a b+c&d=e%2F.txt"

var (
	region  = os.Getenv("OSS_REGION")
	bucket  = os.Getenv("OSS_BUCKET")
	keyID   = os.Getenv("OSS_ACCESS_KEY_ID")
	secret  = os.Getenv("OSS_ACCESS_KEY_SECRET")
	content = bytes.Repeat([]byte("0123456789"), 30_000)
)

type cell struct {
	Endpoint string `json:"endpoint"`
	Version  string `json:"version"`
	Style    string `json:"style"`
}

type step struct {
	operation string
	run       func() error
}

func main() {
	var cells []cell
	if err := json.Unmarshal([]byte(os.Getenv("OSS_CELLS")), &cells); err != nil {
		panic(err)
	}
	for number, each := range cells {
		steps := stepsV2(each)
		if os.Args[1] == "v1" {
			steps = stepsV1(each)
		}
		for _, one := range steps {
			report(number, one.operation, one.run())
		}
	}
}

func report(number int, operation string, err error) {
	line := map[string]any{"cell": number, "operation": operation, "error": nil}
	if err != nil {
		line["error"] = fmt.Sprintf("%.300s", err.Error())
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

// expect returns an error when two values differ.
func expect[T comparable](actual, expected T) error {
	if actual == expected {
		return nil
	}
	return fmt.Errorf("%v instead of %v", actual, expected)
}

// expectBody reads a body and compares it.
func expectBody(body io.ReadCloser, expected []byte) error {
	defer body.Close()
	actual, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	return expect(string(actual), string(expected))
}

func expectURL(url string, expected []byte) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	return expectBody(response.Body, expected)
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
