// Command pulumi-resource-alicloud is the released provider's code behind the released provider's
// names, for the resources and data sources of mapping.json only. It stands in for the released
// plugin where that cannot be downloaded.
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aliyun/terraform-provider-alicloud/alicloud"
	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	shimv1 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v1"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

const name = "alicloud"

// version is that of the npm package whose types it serves; set by the linker.
var version = "0.0.0"

//go:embed mapping.json
var mappingJSON []byte

// omitted are the properties that the released provider leaves out.
var omitted = map[string]map[string]*tfbridge.SchemaInfo{
	"alicloud_alb_listener": {"xforwarded_for_config": {Omit: true}},
}

type mapping struct {
	Resources   map[string]string `json:"resources"`
	DataSources map[string]string `json:"dataSources"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	info, err := providerInfo()
	if err != nil {
		return err
	}
	// All that is said here is that the documentation of the resources is not at hand.
	sink := diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})
	spec, err := tfgen.GenerateSchema(info, sink)
	if err != nil {
		return err
	}
	pulumiSchema, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	if len(os.Args) > 1 && os.Args[1] == "schema" {
		_, err = os.Stdout.Write(pulumiSchema)
		return err
	}
	tfbridge.Main(name, version, info, pulumiSchema)
	return nil
}

func providerInfo() (tfbridge.ProviderInfo, error) {
	var names mapping
	if err := json.Unmarshal(mappingJSON, &names); err != nil {
		return tfbridge.ProviderInfo{}, err
	}
	info := tfbridge.ProviderInfo{
		P:            shimv1.NewProvider(alicloud.Provider().(*schema.Provider)),
		Name:         name,
		Version:      version,
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		// The released provider adds these defaults, and no others, to the engine's own.
		Config: map[string]*tfbridge.SchemaInfo{
			"region":        fromEnvironment("ALICLOUD_REGION"),
			"profile":       fromEnvironment("ALICLOUD_PROFILE"),
			"ecs_role_name": fromEnvironment("ALICLOUD_ECS_ROLE_NAME"),
		},
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	for tf, token := range names.Resources {
		module, member, _ := strings.Cut(token, "/")
		info.Resources[tf] = &tfbridge.ResourceInfo{
			Tok:    tfbridge.MakeResource(name, module, member),
			Fields: omitted[tf],
		}
	}
	for tf, token := range names.DataSources {
		module, member, _ := strings.Cut(token, "/")
		info.DataSources[tf] = &tfbridge.DataSourceInfo{Tok: tfbridge.MakeDataSource(name, module, member)}
	}
	info.IgnoreMappings = append(
		unmapped(info.P.ResourcesMap(), names.Resources),
		unmapped(info.P.DataSourcesMap(), names.DataSources)...,
	)
	info.SetAutonaming(255, "-")
	return info, nil
}

func fromEnvironment(variable string) *tfbridge.SchemaInfo {
	return &tfbridge.SchemaInfo{Default: &tfbridge.DefaultInfo{EnvVars: []string{variable}}}
}

func unmapped(all shim.ResourceMap, mapped map[string]string) []string {
	var names []string
	all.Range(func(key string, _ shim.Resource) bool {
		if _, ok := mapped[key]; !ok {
			names = append(names, key)
		}
		return true
	})
	return names
}
