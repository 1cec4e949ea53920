"""Runs the operations of one Python client in every cell: `run.py CLIENT`, cells in OSS_CELLS.

Prints one line of JSON for each operation: {"cell": N, "operation": NAME, "error": TEXT or null}
"""
import asyncio
import json
import os
import sys
import traceback

import requests

REGION = os.environ['OSS_REGION']
BUCKET = os.environ['OSS_BUCKET']
KEY_ID = os.environ['OSS_ACCESS_KEY_ID']
SECRET = os.environ['OSS_ACCESS_KEY_SECRET']
KEY = '目录/a b+c&d=e%2F.txt'
CONTENT = b'0123456789' * 30_000
CELL = ENDPOINT = V4 = CNAME = PATH_STYLE = None


def enter(number, cell):
    """Makes the cell the one that the client is tested in."""
    global CELL, ENDPOINT, V4, CNAME, PATH_STYLE
    CELL = number
    ENDPOINT, V4 = cell['endpoint'], cell['version'] == 'V4'
    CNAME, PATH_STYLE = cell['style'] == 'cname', cell['style'] == 'path'


def report(operation, error=None):
    print(json.dumps({'cell': CELL, 'operation': operation, 'error': error}), flush=True)


def step(operation, action):
    """Runs one operation and reports it."""
    try:
        action()
        report(operation)
    except Exception as error:  # pylint: disable=broad-except
        report(operation, f'{type(error).__name__}: {error}'[:300])
        if os.environ.get('OSS_DEBUG'):
            traceback.print_exc()


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f'{repr(actual):.100} instead of {repr(expected):.100}')


def run_oss2():
    import oss2

    auth = oss2.AuthV4(KEY_ID, SECRET) if V4 else oss2.Auth(KEY_ID, SECRET)
    options = {'is_cname': CNAME, 'is_path_style': PATH_STYLE, 'region': REGION}
    bucket = oss2.Bucket(auth, ENDPOINT, BUCKET, **options)
    step('PutObject', lambda: equal(bucket.put_object(KEY, CONTENT).status, 200))
    step('GetObject', lambda: equal(bucket.get_object(KEY).read(), CONTENT))
    step('HeadObject', lambda: equal(bucket.head_object(KEY).content_length, len(CONTENT)))
    step('GetObjectMeta', lambda: equal(bucket.get_object_meta(KEY).content_length, len(CONTENT)))
    step('CopyObject', lambda: equal(bucket.copy_object(BUCKET, KEY, 'copy +1').status, 200))
    step('ListObjectsV2', lambda: equal([o.key for o in bucket.list_objects_v2(prefix='目录/').object_list], [KEY]))
    step('ListObjects', lambda: equal([o.key for o in bucket.list_objects(prefix='目录/').object_list], [KEY]))

    def multipart():
        upload_id = bucket.init_multipart_upload('parts').upload_id
        first = bucket.upload_part('parts', upload_id, 1, CONTENT)
        second = bucket.upload_part_copy(BUCKET, KEY, (0, 99), 'parts', upload_id, 2)
        equal([p.part_number for p in bucket.list_parts('parts', upload_id).parts], [1, 2])
        parts = [oss2.models.PartInfo(1, first.etag), oss2.models.PartInfo(2, second.etag)]
        bucket.complete_multipart_upload('parts', upload_id, parts)
        equal(bucket.get_object('parts').read(), CONTENT + CONTENT[:100])
        other = bucket.init_multipart_upload('parts').upload_id
        equal(len(bucket.list_multipart_uploads().upload_list), 1)
        bucket.abort_multipart_upload('parts', other)

    step('multipart upload', multipart)

    def append():
        position = bucket.append_object('log', 0, b'one').next_position
        bucket.append_object('log', position, b'two')
        equal(bucket.get_object('log').read(), b'onetwo')

    step('AppendObject', append)

    def tags():
        rule = oss2.models.TaggingRule()
        rule.add('name', 'value')
        bucket.put_object_tagging(KEY, oss2.models.Tagging(rule))
        equal(bucket.get_object_tagging(KEY).tag_set.tagging_rule, {'name': 'value'})
        bucket.delete_object_tagging(KEY)

    step('object tagging', tags)

    def symlink():
        bucket.put_symlink(KEY, 'link')
        equal(bucket.get_symlink('link').target_key, KEY)
        equal(bucket.get_object('link').read(), CONTENT)

    step('symlink', symlink)
    step('GetBucketStat', lambda: equal(bucket.get_bucket_stat().object_count >= 4, True))
    step('GetBucketInfo', lambda: equal(bucket.get_bucket_info().name, BUCKET))
    step('object ACL', lambda: (bucket.put_object_acl(KEY, 'private'), equal(bucket.get_object_acl(KEY).acl, 'private')))

    def presigned():
        if V4:
            url = bucket.sign_url('GET', KEY, 60, slash_safe=True)
        else:
            url = bucket.sign_url('GET', KEY, 60)
        equal(requests.get(url, timeout=10).content, CONTENT)

    step('presigned URL', presigned)

    def missing():
        try:
            bucket.get_object('missing')
        except oss2.exceptions.NoSuchKey as error:
            equal(error.details.get('EC'), '0026-00000001')
            return
        raise AssertionError('no NoSuchKey')

    step('error', missing)
    step('DeleteMultipleObjects', lambda: equal(len(bucket.batch_delete_objects(['copy +1', 'parts', 'log', 'link']).deleted_keys), 4))
    step('DeleteObject', lambda: equal(bucket.delete_object(KEY).status, 204))
    if not CNAME:
        service = oss2.Service(auth, ENDPOINT, region=REGION)
        step('ListBuckets', lambda: equal(BUCKET in [b.name for b in service.list_buckets().buckets], True))

        def own_bucket():
            own = oss2.Bucket(auth, ENDPOINT, f'{BUCKET}-own', **options)
            own.create_bucket()
            own.delete_bucket()

        step('PutBucket, DeleteBucket', own_bucket)


def run_oss_v2():
    import alibabacloud_oss_v2 as oss

    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(KEY_ID, SECRET)
    config.region = REGION
    config.endpoint = ENDPOINT
    config.signature_version = 'v4' if V4 else 'v1'
    config.use_cname = CNAME
    config.use_path_style = PATH_STYLE
    client = oss.Client(config)
    at = {'bucket': BUCKET, 'key': KEY}
    step('PutObject', lambda: equal(client.put_object(oss.PutObjectRequest(**at, body=CONTENT)).status_code, 200))
    step('GetObject', lambda: equal(client.get_object(oss.GetObjectRequest(**at)).body.content, CONTENT))
    step('HeadObject', lambda: equal(client.head_object(oss.HeadObjectRequest(**at)).content_length, len(CONTENT)))
    step('GetObjectMeta', lambda: equal(client.get_object_meta(oss.GetObjectMetaRequest(**at)).content_length, len(CONTENT)))
    step('CopyObject', lambda: equal(client.copy_object(oss.CopyObjectRequest(bucket=BUCKET, key='copy +1', source_key=KEY)).status_code, 200))
    step('ListObjectsV2', lambda: equal([o.key for o in client.list_objects_v2(oss.ListObjectsV2Request(bucket=BUCKET, prefix='目录/')).contents], [KEY]))
    step('ListObjects', lambda: equal([o.key for o in client.list_objects(oss.ListObjectsRequest(bucket=BUCKET, prefix='目录/')).contents], [KEY]))

    def multipart():
        parts_at = {'bucket': BUCKET, 'key': 'parts'}
        upload_id = client.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(**parts_at)).upload_id
        first = client.upload_part(oss.UploadPartRequest(**parts_at, upload_id=upload_id, part_number=1, body=CONTENT))
        second = client.upload_part_copy(oss.UploadPartCopyRequest(**parts_at, upload_id=upload_id, part_number=2, source_key=KEY, source_range='bytes=0-99'))
        listed = client.list_parts(oss.ListPartsRequest(**parts_at, upload_id=upload_id))
        equal([p.part_number for p in listed.parts], [1, 2])
        parts = [oss.UploadPart(part_number=1, etag=first.etag), oss.UploadPart(part_number=2, etag=second.etag)]
        whole = oss.CompleteMultipartUpload(parts=parts)
        client.complete_multipart_upload(oss.CompleteMultipartUploadRequest(**parts_at, upload_id=upload_id, complete_multipart_upload=whole))
        equal(client.get_object(oss.GetObjectRequest(**parts_at)).body.content, CONTENT + CONTENT[:100])
        other = client.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(**parts_at)).upload_id
        equal(len(client.list_multipart_uploads(oss.ListMultipartUploadsRequest(bucket=BUCKET)).uploads), 1)
        client.abort_multipart_upload(oss.AbortMultipartUploadRequest(**parts_at, upload_id=other))

    step('multipart upload', multipart)

    def append():
        log = {'bucket': BUCKET, 'key': 'log'}
        position = client.append_object(oss.AppendObjectRequest(**log, position=0, body=b'one')).next_position
        client.append_object(oss.AppendObjectRequest(**log, position=position, body=b'two'))
        equal(client.get_object(oss.GetObjectRequest(**log)).body.content, b'onetwo')

    step('AppendObject', append)

    def tags():
        tagging = oss.Tagging(tag_set=oss.TagSet(tags=[oss.Tag(key='name', value='value')]))
        client.put_object_tagging(oss.PutObjectTaggingRequest(**at, tagging=tagging))
        found = client.get_object_tagging(oss.GetObjectTaggingRequest(**at)).tag_set.tags
        equal([(tag.key, tag.value) for tag in found], [('name', 'value')])
        client.delete_object_tagging(oss.DeleteObjectTaggingRequest(**at))

    step('object tagging', tags)

    def symlink():
        link = {'bucket': BUCKET, 'key': 'link'}
        client.put_symlink(oss.PutSymlinkRequest(**link, symlink_target='parts'))
        equal(client.get_symlink(oss.GetSymlinkRequest(**link)).target, 'parts')
        equal(client.get_object(oss.GetObjectRequest(**link)).content_length, len(CONTENT) + 100)

    step('symlink', symlink)
    step('GetBucketStat', lambda: equal(client.get_bucket_stat(oss.GetBucketStatRequest(bucket=BUCKET)).object_count >= 4, True))
    step('GetBucketInfo', lambda: equal(client.get_bucket_info(oss.GetBucketInfoRequest(bucket=BUCKET)).bucket_info.name, BUCKET))

    def acl():
        client.put_object_acl(oss.PutObjectAclRequest(**at, acl='private'))
        equal(client.get_object_acl(oss.GetObjectAclRequest(**at)).acl, 'private')

    step('object ACL', acl)

    def presigned():
        url = client.presign(oss.GetObjectRequest(**at)).url
        equal(requests.get(url, timeout=10).content, CONTENT)

    step('presigned URL', presigned)

    def missing():
        try:
            client.get_object(oss.GetObjectRequest(bucket=BUCKET, key='missing'))
        except oss.exceptions.OperationError as error:
            found = error.unwrap()
            equal((found.code, found.ec), ('NoSuchKey', '0026-00000001'))
            return
        raise AssertionError('no error')

    step('error', missing)

    def delete_many():
        objects = [oss.DeleteObject(key=key) for key in ('copy +1', 'parts', 'log', 'link')]
        result = client.delete_multiple_objects(oss.DeleteMultipleObjectsRequest(bucket=BUCKET, objects=objects))
        equal(len(result.deleted_objects), 4)

    step('DeleteMultipleObjects', delete_many)
    step('DeleteObject', lambda: equal(client.delete_object(oss.DeleteObjectRequest(**at)).status_code, 204))
    if not CNAME:
        step('ListBuckets', lambda: equal(BUCKET in [b.name for b in client.list_buckets(oss.ListBucketsRequest()).buckets], True))

        def own_bucket():
            client.put_bucket(oss.PutBucketRequest(bucket=f'{BUCKET}-own'))
            client.delete_bucket(oss.DeleteBucketRequest(bucket=f'{BUCKET}-own'))

        step('PutBucket, DeleteBucket', own_bucket)


def run_aiooss2():
    from aiooss2 import AioBucket
    import oss2

    auth = oss2.AuthV4(KEY_ID, SECRET) if V4 else oss2.Auth(KEY_ID, SECRET)

    def run(action):
        async def main():
            async with AioBucket(auth, ENDPOINT, BUCKET, is_cname=CNAME) as bucket:
                await action(bucket)
        asyncio.run(main())

    async def put(bucket):
        equal((await bucket.put_object(KEY, CONTENT)).status, 200)

    async def get(bucket):
        result = await bucket.get_object(KEY)
        async with result as stream:
            content = b''
            while chunk := await stream.read():
                content += chunk
            equal(content, CONTENT)

    async def head(bucket):
        equal((await bucket.head_object(KEY)).content_length, len(CONTENT))

    async def listing(bucket):
        equal([o.key for o in (await bucket.list_objects(prefix='目录/')).object_list], [KEY])

    async def append(bucket):
        first = await bucket.append_object('log', 0, b'one')
        await bucket.append_object('log', first.next_position, b'two')

    async def multipart(bucket):
        upload_id = (await bucket.init_multipart_upload('parts')).upload_id
        part = await bucket.upload_part('parts', upload_id, 1, CONTENT)
        info = oss2.models.PartInfo(1, part.etag)
        await bucket.complete_multipart_upload('parts', upload_id, [info])

    async def delete(bucket):
        await bucket.delete_object(KEY)

    async def delete_many(bucket):
        await bucket.batch_delete_objects(['log', 'parts'])

    for operation, action in [('PutObject', put), ('GetObject', get), ('HeadObject', head), ('ListObjects', listing), ('AppendObject', append), ('multipart upload', multipart), ('DeleteMultipleObjects', delete_many), ('DeleteObject', delete)]:
        step(operation, lambda action=action: run(action))


def run_ossfs():
    import ossfs

    fs = ossfs.OSSFileSystem(key=KEY_ID, secret=SECRET, endpoint=ENDPOINT)

    def write():
        with fs.open(f'/{BUCKET}/fs/a.txt', 'wb') as file:
            file.write(CONTENT)

    def read():
        with fs.open(f'/{BUCKET}/fs/a.txt', 'rb') as file:
            equal(file.read(), CONTENT)

    def append():
        with fs.open(f'/{BUCKET}/fs/log', 'wb') as file:
            file.write(b'one')
        with fs.open(f'/{BUCKET}/fs/log', 'ab') as file:
            file.write(b'two')
        equal(fs.cat(f'/{BUCKET}/fs/log'), b'onetwo')

    step('PutObject', write)
    step('GetObject', read)
    step('HeadObject', lambda: equal(fs.info(f'/{BUCKET}/fs/a.txt')['size'], len(CONTENT)))
    step('ListObjects', lambda: equal(fs.ls(f'/{BUCKET}/fs', detail=False), [f'{BUCKET}/fs/a.txt'] if fs.ls(f'/{BUCKET}/fs', detail=False)[0][0] != '/' else [f'/{BUCKET}/fs/a.txt']))
    step('AppendObject', append)
    step('CopyObject', lambda: fs.copy(f'/{BUCKET}/fs/a.txt', f'/{BUCKET}/fs/b.txt'))
    step('DeleteMultipleObjects', lambda: fs.rm(f'/{BUCKET}/fs', recursive=True))


RUNNERS = {
    'oss2': run_oss2,
    'alibabacloud-oss-v2': run_oss_v2,
    'aiooss2': run_aiooss2,
    'ossfs': run_ossfs,
}

for at, each in enumerate(json.loads(os.environ['OSS_CELLS'])):
    enter(at, each)
    try:
        RUNNERS[sys.argv[1]]()
    except Exception as failure:  # pylint: disable=broad-except
        report('client', f'{type(failure).__name__}: {failure}'[:300])
