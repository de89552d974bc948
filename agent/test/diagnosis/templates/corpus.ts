/**
 * Hand-made logs in the manner of well-known systems. Each inner list is one kind of message as its author would tell
 * them apart; each line of it has other values, and often another number of words or another form of value.
 */
export const CORPUS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'block store': [
    [
      'Receiving block blk_-1608999687919862906 src: /10.250.19.102:54106 dest: /10.250.19.102:50010',
      'Receiving block blk_7503483334202473044 src: /10.251.215.16:55695 dest: /10.251.215.16:50010',
    ],
    [
      'Received block blk_3587508140051953248 of size 67108864 from /10.251.42.84',
      'Received block blk_-774 of size 1 from /10.0.0.1',
    ],
    [
      'ask 10.250.14.38:50010 to replicate blk_-7571492020523929240 to datanode(s) 10.251.122.38:50010',
      'ask 10.250.14.38:50010 to replicate blk_44 to datanode(s) 10.251.122.38:50010 10.251.122.39:50010',
    ],
    [
      'Verification succeeded for blk_-1547954353065580372',
      'Verification succeeded for blk_6996194389878584395',
    ],
    ['Verification failed for blk_-1547954353065580372'],
  ],
  'secure shell': [
    [
      'Failed password for invalid user admin from 103.99.0.122 port 57067 ssh2',
      'Failed password for invalid user oracle from 5.188.10.180 port 49811 ssh2',
      'Failed password for invalid user test9 from 52.80.34.196 port 36060 ssh2',
      'Failed password for invalid user jean-luc from 52.80.34.196 port 36060 ssh2',
    ],
    [
      'Failed password for root from 183.62.140.253 port 35013 ssh2',
      'Failed password for root from 112.95.230.3 port 47068 ssh2',
    ],
    [
      'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=183.62.140.253  user=root',
      'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=mail.example.co.uk  user=root',
      'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=220-135-151-1.dsl.example.net  user=root',
    ],
    [
      'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=183.62.140.253 ',
      'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=gate.example.org ',
    ],
    [
      'session opened for user cyrus by (uid=0)',
      'session opened for user news by (uid=0)',
      'session opened for user test by (uid=509)',
    ],
    ['session closed for user cyrus', 'session closed for user news', 'session closed for user www-data'],
    [
      'connection from 24.54.76.216 (24-54-76-216.dsl.example.net) at Fri Jun 17 07:07:00 2005',
      'connection from 222.33.90.199 () at Sat Jul  9 22:53:19 2005',
    ],
  ],
  'proxy client': [
    [
      'proxy.example.edu:5070 close, 451 bytes sent, 18846 bytes (18.4 KB) received, lifetime <1 sec',
      'cdn.example.com:443 close, 1190 bytes (1.16 KB) sent, 1671 bytes (1.63 KB) received, lifetime 00:02',
      '10.1.2.3:80 close, 0 bytes sent, 0 bytes received, lifetime 1:04:11',
    ],
    [
      'proxy.example.edu:5070 open through proxy proxy.example.edu:5070 HTTPS',
      'wpad:80 open through proxy proxy.example.edu:5070 HTTPS',
      '10.1.2.3:443 open through proxy proxy.example.edu:5070 HTTPS',
    ],
    [
      'play.example.com:443 open through proxy socks.example.edu:5070 SOCKS5',
      '10.1.2.3:443 open through proxy socks.example.edu:5070 SOCKS5',
    ],
  ],
  'step counter': [
    ['totals = 1514038440000##6993##548365##8661', 'totals = 1514038440000##7007##549034##8661##12266'],
    ['onStandStepChanged 3579', 'onStandStepChanged 3601'],
    ['REPORT : 7007 5002 150089 240', 'REPORT : 7010 5005 150151 240'],
    ['flush2DB result success'],
    ['screenOn true', 'screenOn true'],
    ['screenOn false'],
    ['upload failed message=true'],
    ['getStepCounterStatus= true'],
    ['getStepCounterStatus'],
  ],
  'power manager': [
    [
      'acquire lock=166121161, flags=0x1, tag="RILJ_ACK_WL", name=com.example.phone, ws=null, uid=1001, pid=2626',
      'acquire lock=189667585, flags=0x1, tag="*launch*", name=system, ws=WorkSource{10113}, uid=1000, pid=1702',
      'acquire lock=264232593, flags=0x0, tag="View Lock", name=audioserver, ws=null, uid=1041, pid=0',
    ],
    [
      'updatePower: wasPowered=false, isPowered=false, level=23',
      'updatePower: wasPowered=false, isPowered=false, level=9',
    ],
    ['updatePower: wasPowered=false, isPowered=true, level=23'],
    ['closeQs'],
    ['cancelAutohide'],
    ['instantCollapse'],
    ['handleTimeUpdate'],
    ['getMode...'],
    ['getRingerMode...'],
    ['isMusicActive...'],
    [
      'Screen frozen for +1s0ms due to Window{ca98d5 u0 com.example.a/com.example.a.Main}',
      'Screen frozen for +308ms due to Window{2e98d5 u0 com.example.b/.ui.Other}',
    ],
  ],
  'job tracker': [
    [
      'attempt_1445144423722_0020_m_000000_0 transitioned from NEW to UNASSIGNED',
      'attempt_1445144423722_0020_r_000001_1 transitioned from NEW to UNASSIGNED',
    ],
    ['attempt_1445144423722_0020_m_000000_0 transitioned from UNASSIGNED to ASSIGNED'],
    ['attempt_1445144423722_0020_m_000000_0 transitioned from ASSIGNED to RUNNING'],
    ['attempt_1445144423722_0020_m_000000_0 transitioned from RUNNING to SUCCEEDED'],
    ['attempt_1445144423722_0020_m_000000_0 transitioned from RUNNING to FAILED'],
    [
      'Retrying connect to server: msra-sa-41:8030. Already tried 3 time(s)',
      'Retrying connect to server: msra-sa-41/10.190.173.170:8030. Already tried 4 time(s)',
    ],
    [
      'Block rdd_2_3 stored as bytes in memory (estimated size 930.0 B, free 321.2 KB)',
      'Block broadcast_9_piece0 stored as bytes in memory (estimated size 5.2 MB, free 1.2 GB)',
    ],
    ['Block rdd_2_3 stored as values in memory (estimated size 930.0 B, free 321.2 KB)'],
  ],
  'kernel and daemons': [
    ['synchronized to 10.100.20.250, stratum 3', 'synchronized to LOCAL(0), stratum 10'],
    ['fp cr update.............0', 'fp cr update.............1'],
    ['fp cr field .............0'],
    ['trap instruction.........0'],
    ['privileged instruction...0'],
    ['portmap startup succeeded'],
    ['cupsd startup succeeded'],
    ['syslogd startup succeeded'],
    ['klogd startup succeeded'],
    ['klogd shutdown succeeded'],
    ['Link ok'],
    ['Link in reset'],
    ['running'],
    ['not responding'],
    ['boot  (command 1907)', 'boot  (command 55)'],
    ['halt  (command 1907)'],
    ['eth0: link up, 1000 Mbps', 'eth1: link up, 100 Mbps'],
    ['eth0: link down', 'eth1: link down'],
    [
      'nodes node-1 0x000001fc <ok> node-2 0x000001fc <ok>',
      'nodes node-1 0x000001fc <ok> node-2 0x000001fc <ok> node-7 0x000001fc <ok>',
    ],
    [
      'en0: address is now fe80:0:0:0:c6b3:1ff:fecd:467f',
      'en0: address is now 2607:f140:6000:8:c6b3:1ff:fecd:467f',
    ],
    [
      'com.example.sync.heartbeat: scheduler told me to run this job; but the start time is not for 498005 seconds',
      'com.example.backup.daily: scheduler told me to run this job; but the start time is not for 10 seconds',
      'com.example.Updater: scheduler told me to run this job; but the start time is not for 1 seconds',
      'com.example.suggestions.harvest: scheduler told me to run this job; but the start time is not for 7 seconds',
    ],
  ],
  'list of settings': [
    [
      'Server environment:host.name=mesos-master-1',
      'Server environment:java.home=/usr/lib/jvm/java-7',
      'Server environment:java.io.tmpdir=/tmp',
      'Server environment:user.dir=/',
      'Server environment:os.name=Linux',
      'Server environment:java.vendor=Oracle Corporation',
      'Server environment:version=3.4.5--1, built on 06/10/2013 17:26 GMT',
    ],
    [
      'Registering class org.example.EventType for class org.example.HistoryHandler',
      'Registering class org.example.job.JobEvent for class org.example.Master$JobDispatcher',
      'Registering class org.example.task.TaskEvent for class org.example.Master$TaskDispatcher',
      'Registering class org.example.rm.Allocator for class org.example.Master$Router',
    ],
    ['task.id is deprecated. Instead, use example.task.attempt.id'],
    ['job.id is deprecated. Instead, use example.job.id'],
    ['tip.id is deprecated. Instead, use example.task.id'],
    ['task.partition is deprecated. Instead, use example.task.partition'],
    ['session.timeout set to 4000', 'session.timeout set to 6000'],
    ['purge.interval set to 0'],
    ['retain.count set to 3'],
    ['tick.time set to 2000'],
  ],
  'logs in keys and values': [
    [
      'time="2026-11-24T09:12:29.111Z" level=info msg="ignoring event" container=4f2a topic=/tasks/delete type="*events.TaskDelete"',
      'time="2026-11-24T09:12:30.222Z" level=info msg="ignoring event" container=9bc1 topic=/tasks/exit type="*events.TaskExit"',
    ],
    [
      'time="2026-11-24T09:12:29.111Z" level=info msg="loading plugin \\"io.example.content\\"..." runtime=io.example.v2',
      'time="2026-11-24T09:12:29.333Z" level=info msg="loading plugin \\"io.example.snapshot\\"..." runtime=io.example.v2',
      'time="2026-11-24T09:12:29.444Z" level=info msg="loading plugin \\"io.example.diff\\"..." runtime=io.example.v2',
      'time="2026-11-24T09:12:29.555Z" level=info msg="loading plugin \\"io.example.gc\\"..." runtime=io.example.v2',
    ],
    ['time="2026-11-24T09:12:29.111Z" level=warning msg="cleanup warnings" id=4f2a namespace=moby'],
    ['time="2026-11-24T09:12:29.111Z" level=error msg="cleanup warnings" id=4f2a namespace=moby'],
    [
      '{"level":"info","time":"2026-11-24T09:12:29Z","user":"ann@example.com","msg":"order taken"}',
      '{"level":"info","time":"2026-11-24T09:12:30Z","user":"bob@example.com","msg":"order taken"}',
    ],
    ['{"level":"warn","time":"2026-11-24T09:12:30Z","user":"bob@example.com","msg":"order taken"}'],
    ['{"level":"error","time":"2026-11-24T09:12:30Z","user":"bob@example.com","msg":"order taken"}'],
    ['{"level":"error","time":"2026-11-24T09:12:30Z","user":"bob@example.com","msg":"order lost"}'],
  ],
  'web service': [
    [
      '10.11.10.1 "GET /v2/54fadb41/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.25',
      '10.11.21.1,10.11.10.1 "GET /openstack/2013-10-17 HTTP/1.1" status: 404 len: 176 time: 0.001',
    ],
    ['10.11.10.1 "DELETE /v2/54fadb41/servers/fecd HTTP/1.1" status: 204 len: 203 time: 0.26'],
    [
      'order 8812 for customer alice@example.com accepted in 12 ms',
      'order 8813 for customer b.o.b@example.org accepted in 1.2 s',
    ],
    ['order 8813 for customer b.o.b@example.org refused in 1.2 s'],
    ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED 10.0.0.8:5432'],
    [
      'could not open file "/var/lib/app/a.db": No such file or directory',
      'could not open file "/srv/b": No such file or directory',
    ],
    ['could not open file "/srv/b": Permission denied'],
  ],
};
