package main

import (
	"bytes"
	"strings"

	"github.com/aliyun/aliyun-oss-go-sdk/oss"
)

func stepsV1(at cell) []step {
	options := []oss.ClientOption{
		oss.Region(region),
		oss.UseCname(at.Style == "cname"),
		oss.ForcePathStyle(at.Style == "path"),
	}
	if at.Version == "V4" {
		options = append(options, oss.AuthVersion(oss.AuthV4))
	}
	client, err := oss.New(at.Endpoint, keyID, secret, options...)
	if err != nil {
		return []step{{"client", func() error { return err }}}
	}
	b, err := client.Bucket(bucket)
	if err != nil {
		return []step{{"client", func() error { return err }}}
	}
	get := func(name string, expected []byte) error {
		body, err := b.GetObject(name)
		if err != nil {
			return err
		}
		return expectBody(body, expected)
	}
	steps := []step{
		{"PutObject", func() error { return b.PutObject(key, bytes.NewReader(content)) }},
		{"GetObject", func() error { return get(key, content) }},
		{"HeadObject", func() error {
			meta, err := b.GetObjectDetailedMeta(key)
			return first(err, expect(meta.Get("Content-Length"), "300000"))
		}},
		{"GetObjectMeta", func() error {
			meta, err := b.GetObjectMeta(key)
			return first(err, expect(meta.Get("Content-Length"), "300000"))
		}},
		{"CopyObject", func() error {
			_, err := b.CopyObject(key, "copy +1")
			return first(err, get("copy +1", content))
		}},
		{"ListObjectsV2", func() error {
			page, err := b.ListObjectsV2(oss.Prefix("目录/"))
			return first(err, expect(len(page.Objects), 1), expect(page.Objects[0].Key, key))
		}},
		{"ListObjects", func() error {
			page, err := b.ListObjects(oss.Prefix("目录/"))
			return first(err, expect(len(page.Objects), 1), expect(page.Objects[0].Key, key))
		}},
		{"multipart upload", func() error {
			upload, err := b.InitiateMultipartUpload("parts")
			if err != nil {
				return err
			}
			one, err := b.UploadPart(upload, bytes.NewReader(content), int64(len(content)), 1)
			if err != nil {
				return err
			}
			two, err := b.UploadPartCopy(upload, bucket, key, 0, 100, 2)
			if err != nil {
				return err
			}
			listed, err := b.ListUploadedParts(upload)
			if err := first(err, expect(len(listed.UploadedParts), 2)); err != nil {
				return err
			}
			if _, err := b.CompleteMultipartUpload(upload, []oss.UploadPart{one, two}); err != nil {
				return err
			}
			other, err := b.InitiateMultipartUpload("parts")
			if err != nil {
				return err
			}
			uploads, err := b.ListMultipartUploads()
			return first(err, expect(len(uploads.Uploads), 1), b.AbortMultipartUpload(other),
				get("parts", append(append([]byte{}, content...), content[:100]...)))
		}},
		{"AppendObject", func() error {
			next, err := b.AppendObject("log", strings.NewReader("one"), 0)
			if err != nil {
				return err
			}
			_, err = b.AppendObject("log", strings.NewReader("two"), next)
			return first(err, get("log", []byte("onetwo")))
		}},
		{"object tagging", func() error {
			tags := oss.Tagging{Tags: []oss.Tag{{Key: "name", Value: "value"}}}
			err := b.PutObjectTagging(key, tags)
			if err != nil {
				return err
			}
			found, err := b.GetObjectTagging(key)
			return first(err, expect(found.Tags[0].Value, "value"), b.DeleteObjectTagging(key))
		}},
		{"symlink", func() error {
			err := b.PutSymlink("link", "log")
			if err != nil {
				return err
			}
			meta, err := b.GetSymlink("link")
			return first(err, expect(meta.Get("X-Oss-Symlink-Target"), "log"), get("link", []byte("onetwo")))
		}},
		{"GetBucketStat", func() error {
			stat, err := client.GetBucketStat(bucket)
			return first(err, expect(stat.ObjectCount >= 4, true))
		}},
		{"GetBucketInfo", func() error {
			info, err := client.GetBucketInfo(bucket)
			return first(err, expect(info.BucketInfo.Name, bucket))
		}},
		{"object ACL", func() error {
			err := b.SetObjectACL(key, oss.ACLPrivate)
			if err != nil {
				return err
			}
			acl, err := b.GetObjectACL(key)
			return first(err, expect(acl.ACL, "private"))
		}},
		{"presigned URL", func() error {
			url, err := b.SignURL(key, oss.HTTPGet, 60)
			return first(err, expectURL(url, content))
		}},
		{"error", func() error {
			_, err := b.GetObject("missing")
			failure, _ := err.(oss.ServiceError)
			return first(expect(failure.Code, "NoSuchKey"), expect(failure.Ec, "0026-00000001"))
		}},
		{"DeleteMultipleObjects", func() error {
			deleted, err := b.DeleteObjects([]string{"copy +1", "parts", "log", "link"})
			return first(err, expect(len(deleted.DeletedObjects), 4))
		}},
		{"DeleteObject", func() error { return b.DeleteObject(key) }},
	}
	if at.Style == "cname" {
		return steps
	}
	return append(steps,
		step{"ListBuckets", func() error {
			page, err := client.ListBuckets(oss.Prefix(bucket))
			return first(err, expect(len(page.Buckets), 1))
		}},
		step{"PutBucket, DeleteBucket", func() error {
			return first(client.CreateBucket(bucket+"-own"), client.DeleteBucket(bucket+"-own"))
		}},
	)
}
