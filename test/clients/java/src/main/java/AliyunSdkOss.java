import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.*;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * Runs the operations of aliyun-sdk-oss in every cell, with lines of endpoint, version and style in
 * OSS_CELL_LINES. Prints one line of JSON for each operation: {"cell": N, "operation": NAME, "error": TEXT
 * or null}.
 */
public class AliyunSdkOss {
  private static final String KEY = "目录/a b+c&d=e%2F.txt";
  private static final String BUCKET = System.getenv("OSS_BUCKET");
  private static final byte[] CONTENT = "0123456789".repeat(30_000).getBytes();

  interface Action {
    void run() throws Exception;
  }

  private static int cell;
  private static OSS client;

  public static void main(String[] args) {
    for (String line : System.getenv("OSS_CELL_LINES").split("\n")) {
      String[] parts = line.split(" ", -1);
      ClientBuilderConfiguration config = new ClientBuilderConfiguration();
      config.setSignatureVersion(parts[1].equals("V4") ? SignVersion.V4 : SignVersion.V1);
      config.setSupportCname(parts[2].equals("cname"));
      config.setSLDEnabled(parts[2].equals("path"));
      config.setMaxErrorRetry(0);
      DefaultCredentialProvider provider =
          new DefaultCredentialProvider(
              System.getenv("OSS_ACCESS_KEY_ID"), System.getenv("OSS_ACCESS_KEY_SECRET"));
      client =
          OSSClientBuilder.create()
              .endpoint(parts[0])
              .credentialsProvider(provider)
              .clientConfiguration(config)
              .region(System.getenv("OSS_REGION"))
              .build();
      runCell(parts[2].equals("cname"));
      client.shutdown();
      cell += 1;
    }
  }

  private static void runCell(boolean cname) {
    step("PutObject", () -> client.putObject(BUCKET, KEY, new ByteArrayInputStream(CONTENT)));
    step("GetObject", () -> equal(read(KEY), new String(CONTENT)));
    step("HeadObject", () -> equal(client.getObjectMetadata(BUCKET, KEY).getContentLength(), 300_000L));
    step("GetObjectMeta", () -> equal(client.getSimplifiedObjectMeta(BUCKET, KEY).getSize(), 300_000L));
    step("CopyObject", () -> {
      client.copyObject(BUCKET, KEY, BUCKET, "copy +1");
      equal(read("copy +1"), new String(CONTENT));
    });
    step("ListObjectsV2", () -> {
      ListObjectsV2Result page = client.listObjectsV2(BUCKET, "目录/");
      equal(page.getObjectSummaries().get(0).getKey(), KEY);
    });
    step("ListObjects", () -> {
      ObjectListing page = client.listObjects(BUCKET, "目录/");
      equal(page.getObjectSummaries().get(0).getKey(), KEY);
    });
    step("multipart upload", AliyunSdkOss::multipart);
    step("AppendObject", () -> {
      AppendObjectRequest first = new AppendObjectRequest(BUCKET, "log", new ByteArrayInputStream("one".getBytes()));
      first.setPosition(0L);
      AppendObjectRequest second = new AppendObjectRequest(BUCKET, "log", new ByteArrayInputStream("two".getBytes()));
      second.setPosition(client.appendObject(first).getNextPosition());
      client.appendObject(second);
      equal(read("log"), "onetwo");
    });
    step("object tagging", () -> {
      client.setObjectTagging(BUCKET, KEY, Map.of("name", "value"));
      equal(client.getObjectTagging(BUCKET, KEY).getTag("name"), "value");
      client.deleteObjectTagging(BUCKET, KEY);
    });
    step("symlink", () -> {
      client.createSymlink(BUCKET, "link", "log");
      equal(client.getSymlink(BUCKET, "link").getTarget(), "log");
      equal(read("link"), "onetwo");
    });
    step("GetBucketStat", () -> equal(client.getBucketStat(BUCKET).getObjectCount() >= 4, true));
    step("GetBucketInfo", () -> equal(client.getBucketInfo(BUCKET).getBucket().getName(), BUCKET));
    step("object ACL", () -> {
      client.setObjectAcl(BUCKET, KEY, CannedAccessControlList.Private);
      equal(client.getObjectAcl(BUCKET, KEY).getPermission().toString(), "private");
    });
    step("presigned URL", () -> {
      URL url = client.generatePresignedUrl(BUCKET, KEY, new Date(System.currentTimeMillis() + 60_000));
      try (InputStream body = url.openStream()) {
        equal(new String(body.readAllBytes()), new String(CONTENT));
      }
    });
    step("error", () -> {
      try {
        client.getObject(BUCKET, "missing");
      } catch (OSSException error) {
        equal(error.getErrorCode(), "NoSuchKey");
        equal(error.getEC(), "0026-00000001");
        return;
      }
      throw new AssertionError("no error");
    });
    step("DeleteMultipleObjects", () -> {
      List<String> keys = Arrays.asList("copy +1", "parts", "log", "link");
      equal(client.deleteObjects(new DeleteObjectsRequest(BUCKET).withKeys(keys)).getDeletedObjects().size(), 4);
    });
    step("DeleteObject", () -> client.deleteObject(BUCKET, KEY));
    if (cname) return;
    step("ListBuckets", () -> equal(client.listBuckets(BUCKET, null, 10).getBucketList().size(), 1));
    step("PutBucket, DeleteBucket", () -> {
      client.createBucket(BUCKET + "-own");
      client.deleteBucket(BUCKET + "-own");
    });
  }

  private static void multipart() throws Exception {
    String id = client.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, "parts")).getUploadId();
    UploadPartRequest one = new UploadPartRequest(BUCKET, "parts", id, 1, new ByteArrayInputStream(CONTENT), CONTENT.length);
    List<PartETag> parts = new ArrayList<>();
    parts.add(client.uploadPart(one).getPartETag());
    UploadPartCopyRequest two = new UploadPartCopyRequest(BUCKET, KEY, BUCKET, "parts", id, 2, 0L, 100L);
    parts.add(client.uploadPartCopy(two).getPartETag());
    equal(client.listParts(new ListPartsRequest(BUCKET, "parts", id)).getParts().size(), 2);
    client.completeMultipartUpload(new CompleteMultipartUploadRequest(BUCKET, "parts", id, parts));
    equal(read("parts"), new String(CONTENT) + new String(CONTENT, 0, 100));
    String other = client.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, "parts")).getUploadId();
    equal(client.listMultipartUploads(new ListMultipartUploadsRequest(BUCKET)).getMultipartUploads().size(), 1);
    client.abortMultipartUpload(new AbortMultipartUploadRequest(BUCKET, "parts", other));
  }

  private static String read(String key) throws Exception {
    try (InputStream body = client.getObject(BUCKET, key).getObjectContent()) {
      return new String(body.readAllBytes());
    }
  }

  private static void equal(Object actual, Object expected) {
    if (!actual.equals(expected)) throw new AssertionError(actual + " instead of " + expected);
  }

  private static void step(String operation, Action action) {
    String error = "null";
    try {
      action.run();
    } catch (Throwable thrown) {
      String text = String.valueOf(thrown).replaceAll("[\\\\\"\\p{Cntrl}]", " ");
      error = '"' + text.substring(0, Math.min(300, text.length())) + '"';
    }
    System.out.println("{\"cell\": " + cell + ", \"operation\": \"" + operation + "\", \"error\": " + error + "}");
  }
}
