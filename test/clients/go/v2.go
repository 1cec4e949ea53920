package main

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

func stepsV2(at cell) []step {
	config := oss.LoadDefaultConfig().
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider(keyID, secret)).
		WithRegion(region).
		WithEndpoint(at.Endpoint).
		WithUseCName(at.Style == "cname").
		WithUsePathStyle(at.Style == "path").
		WithSignatureVersion(map[string]oss.SignatureVersionType{
			"V1": oss.SignatureVersionV1,
			"V4": oss.SignatureVersionV4,
		}[at.Version])
	c := oss.NewClient(config)
	ctx := context.Background()
	b, k := oss.Ptr(bucket), oss.Ptr(key)
	get := func(name string, expected []byte) error {
		result, err := c.GetObject(ctx, &oss.GetObjectRequest{Bucket: b, Key: oss.Ptr(name)})
		if err != nil {
			return err
		}
		return expectBody(result.Body, expected)
	}
	steps := []step{
		{"PutObject", func() error {
			_, err := c.PutObject(ctx, &oss.PutObjectRequest{Bucket: b, Key: k, Body: bytes.NewReader(content)})
			return err
		}},
		{"GetObject", func() error { return get(key, content) }},
		{"HeadObject", func() error {
			meta, err := c.HeadObject(ctx, &oss.HeadObjectRequest{Bucket: b, Key: k})
			if err != nil {
				return err
			}
			return expect(meta.ContentLength, 300_000)
		}},
		{"GetObjectMeta", func() error {
			meta, err := c.GetObjectMeta(ctx, &oss.GetObjectMetaRequest{Bucket: b, Key: k})
			if err != nil {
				return err
			}
			return expect(meta.ContentLength, 300_000)
		}},
		{"CopyObject", func() error {
			_, err := c.CopyObject(ctx, &oss.CopyObjectRequest{Bucket: b, Key: oss.Ptr("copy +1"), SourceKey: k})
			return first(err, get("copy +1", content))
		}},
		{"ListObjectsV2", func() error {
			page, err := c.ListObjectsV2(ctx, &oss.ListObjectsV2Request{Bucket: b, Prefix: oss.Ptr("目录/")})
			if err != nil {
				return err
			}
			return first(expect(len(page.Contents), 1), expect(*page.Contents[0].Key, key))
		}},
		{"ListObjects", func() error {
			page, err := c.ListObjects(ctx, &oss.ListObjectsRequest{Bucket: b, Prefix: oss.Ptr("目录/")})
			if err != nil {
				return err
			}
			return first(expect(len(page.Contents), 1), expect(*page.Contents[0].Key, key))
		}},
		{"multipart upload", func() error {
			p := oss.Ptr("parts")
			upload, err := c.InitiateMultipartUpload(ctx, &oss.InitiateMultipartUploadRequest{Bucket: b, Key: p})
			if err != nil {
				return err
			}
			id := upload.UploadId
			one, err := c.UploadPart(ctx, &oss.UploadPartRequest{Bucket: b, Key: p, UploadId: id, PartNumber: 1, Body: bytes.NewReader(content)})
			if err != nil {
				return err
			}
			two, err := c.UploadPartCopy(ctx, &oss.UploadPartCopyRequest{Bucket: b, Key: p, UploadId: id, PartNumber: 2, SourceKey: k, Range: oss.Ptr("bytes=0-99")})
			if err != nil {
				return err
			}
			listed, err := c.ListParts(ctx, &oss.ListPartsRequest{Bucket: b, Key: p, UploadId: id})
			if err != nil {
				return err
			}
			if err := expect(len(listed.Parts), 2); err != nil {
				return err
			}
			parts := []oss.UploadPart{{PartNumber: 1, ETag: one.ETag}, {PartNumber: 2, ETag: two.ETag}}
			if _, err := c.CompleteMultipartUpload(ctx, &oss.CompleteMultipartUploadRequest{Bucket: b, Key: p, UploadId: id, CompleteMultipartUpload: &oss.CompleteMultipartUpload{Parts: parts}}); err != nil {
				return err
			}
			other, err := c.InitiateMultipartUpload(ctx, &oss.InitiateMultipartUploadRequest{Bucket: b, Key: p})
			if err != nil {
				return err
			}
			uploads, err := c.ListMultipartUploads(ctx, &oss.ListMultipartUploadsRequest{Bucket: b})
			if err != nil {
				return err
			}
			_, err = c.AbortMultipartUpload(ctx, &oss.AbortMultipartUploadRequest{Bucket: b, Key: p, UploadId: other.UploadId})
			return first(err, expect(len(uploads.Uploads), 1), get("parts", append(append([]byte{}, content...), content[:100]...)))
		}},
		{"AppendObject", func() error {
			l := oss.Ptr("log")
			one, err := c.AppendObject(ctx, &oss.AppendObjectRequest{Bucket: b, Key: l, Position: oss.Ptr(int64(0)), Body: strings.NewReader("one")})
			if err != nil {
				return err
			}
			_, err = c.AppendObject(ctx, &oss.AppendObjectRequest{Bucket: b, Key: l, Position: oss.Ptr(one.NextPosition), Body: strings.NewReader("two")})
			return first(err, get("log", []byte("onetwo")))
		}},
		{"object tagging", func() error {
			tags := &oss.Tagging{TagSet: &oss.TagSet{Tags: []oss.Tag{{Key: oss.Ptr("name"), Value: oss.Ptr("value")}}}}
			if _, err := c.PutObjectTagging(ctx, &oss.PutObjectTaggingRequest{Bucket: b, Key: k, Tagging: tags}); err != nil {
				return err
			}
			found, err := c.GetObjectTagging(ctx, &oss.GetObjectTaggingRequest{Bucket: b, Key: k})
			if err != nil {
				return err
			}
			_, err = c.DeleteObjectTagging(ctx, &oss.DeleteObjectTaggingRequest{Bucket: b, Key: k})
			return first(err, expect(*found.Tags[0].Value, "value"))
		}},
		{"symlink", func() error {
			l := oss.Ptr("link")
			if _, err := c.PutSymlink(ctx, &oss.PutSymlinkRequest{Bucket: b, Key: l, Target: oss.Ptr("log")}); err != nil {
				return err
			}
			link, err := c.GetSymlink(ctx, &oss.GetSymlinkRequest{Bucket: b, Key: l})
			if err != nil {
				return err
			}
			return first(expect(*link.Target, "log"), get("link", []byte("onetwo")))
		}},
		{"GetBucketStat", func() error {
			stat, err := c.GetBucketStat(ctx, &oss.GetBucketStatRequest{Bucket: b})
			if err != nil {
				return err
			}
			return expect(stat.ObjectCount >= 4, true)
		}},
		{"GetBucketInfo", func() error {
			info, err := c.GetBucketInfo(ctx, &oss.GetBucketInfoRequest{Bucket: b})
			if err != nil {
				return err
			}
			return expect(*info.BucketInfo.Name, bucket)
		}},
		{"object ACL", func() error {
			if _, err := c.PutObjectAcl(ctx, &oss.PutObjectAclRequest{Bucket: b, Key: k, Acl: oss.ObjectACLPrivate}); err != nil {
				return err
			}
			acl, err := c.GetObjectAcl(ctx, &oss.GetObjectAclRequest{Bucket: b, Key: k})
			if err != nil {
				return err
			}
			return expect(*acl.ACL, "private")
		}},
		{"presigned URL", func() error {
			signed, err := c.Presign(ctx, &oss.GetObjectRequest{Bucket: b, Key: k})
			if err != nil {
				return err
			}
			return expectURL(signed.URL, content)
		}},
		{"error", func() error {
			_, err := c.GetObject(ctx, &oss.GetObjectRequest{Bucket: b, Key: oss.Ptr("missing")})
			var failure *oss.ServiceError
			if !errors.As(err, &failure) {
				return err
			}
			return first(expect(failure.Code, "NoSuchKey"), expect(failure.EC, "0026-00000001"))
		}},
		{"DeleteMultipleObjects", func() error {
			objects := []oss.DeleteObject{}
			for _, name := range []string{"copy +1", "parts", "log", "link"} {
				objects = append(objects, oss.DeleteObject{Key: oss.Ptr(name)})
			}
			deleted, err := c.DeleteMultipleObjects(ctx, &oss.DeleteMultipleObjectsRequest{Bucket: b, Objects: objects})
			if err != nil {
				return err
			}
			return expect(len(deleted.DeletedObjects), 4)
		}},
		{"DeleteObject", func() error {
			_, err := c.DeleteObject(ctx, &oss.DeleteObjectRequest{Bucket: b, Key: k})
			return err
		}},
	}
	if at.Style == "cname" {
		return steps
	}
	return append(steps,
		step{"ListBuckets", func() error {
			page, err := c.ListBuckets(ctx, &oss.ListBucketsRequest{Prefix: b})
			if err != nil {
				return err
			}
			return expect(len(page.Buckets), 1)
		}},
		step{"PutBucket, DeleteBucket", func() error {
			own := oss.Ptr(bucket + "-own")
			if _, err := c.PutBucket(ctx, &oss.PutBucketRequest{Bucket: own}); err != nil {
				return err
			}
			_, err := c.DeleteBucket(ctx, &oss.DeleteBucketRequest{Bucket: own})
			return err
		}},
	)
}
