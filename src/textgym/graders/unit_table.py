"""The table of units, a unit a line: symbols, names in the singular, factor to base units, dimension."""

METRIC = """
m | metre, meter | 1 | length
g | gram, gramme | 1/1000 | mass
s, sec | second, sec | 1 | time
A | ampere, amp | 1 | current
K | kelvin | 1 | temperature
mol | mole | 1 | amount
cd | candela | 1 | light
Hz | hertz | 1 | time^-1
N | newton | 1 | length mass time^-2
Pa | pascal | 1 | length^-1 mass time^-2
J | joule | 1 | length^2 mass time^-2
W | watt | 1 | length^2 mass time^-3
C | coulomb | 1 | current time
V | volt | 1 | current^-1 length^2 mass time^-3
F | farad | 1 | current^2 length^-2 mass^-1 time^4
Ω, ohm | ohm | 1 | current^-2 length^2 mass time^-3
S | siemens | 1 | current^2 length^-2 mass^-1 time^3
Wb | weber | 1 | current^-1 length^2 mass time^-2
T | tesla | 1 | current^-1 mass time^-2
H | henry | 1 | current^-2 length^2 mass time^-2
Bq | becquerel | 1 | time^-1
Gy | gray | 1 | length^2 time^-2
L, l | litre, liter | 1/1000 | length^3
t | tonne | 1000 | mass
eV | electronvolt, electron volt | 1.602176634e-19 | length^2 mass time^-2
Wh | watt-hour | 3600 | length^2 mass time^-2
cal | calorie | 4.184 | length^2 mass time^-2
bar | bar | 100000 | length^-1 mass time^-2
pc | parsec | 30856775814913672.789139379577965 | length
b, bit | bit | 1 | information
B | byte | 8 | information
"""
"""Units that take prefixes: symbols, names, factor, dimension."""

PLAIN = """
µm | micron | 1/1000000 | length
Å | angstrom, ångström | 1e-10 | length
in, in. | inch | 0.0254 | length
ft, ft. | foot, feet | 0.3048 | length
yd, yds | yard | 0.9144 | length
mi | mile | 1609.344 | length
nmi, NM | nautical mile | 1852 | length
ly | light year, light-year, lightyear | 9460730472580800 | length
au, AU | astronomical unit | 149597870700 | length
min, mins | minute | 60 | time
h, hr, hrs | hour | 3600 | time
d | day | 86400 | time
wk, wks | week | 604800 | time
mo | month | 2629800 | time
yr, yrs | year | 31557600 | time
| fortnight | 1209600 | time
| decade | 315576000 | time
| century, centurie | 3155760000 | time
kg, kgs | kilo | 1 | mass
lb, lbs, lb., lbs. | pound | 0.45359237 | mass
oz, oz. | ounce | 0.028349523125 | mass
| stone | 6.35029318 | mass
| metric ton | 1000 | mass
| ton, short ton | 907.18474 | mass
| long ton | 1016.0469088 | mass
| carat | 0.0002 | mass
Da | dalton | 1.66053906660e-27 | mass
ha | hectare | 10000 | length^2
| acre | 4046.8564224 | length^2
cc | | 0.000001 | length^3
gal, gal. | gallon | 0.003785411784 | length^3
qt, qts | quart | 0.000946352946 | length^3
pt, pts | pint | 0.000473176473 | length^3
| cup | 0.0002365882365 | length^3
fl oz, fl. oz, fl. oz. | fluid ounce | 0.0000295735295625 | length^3
tbsp | tablespoon | 0.00001478676478125 | length^3
tsp | teaspoon | 0.00000492892159375 | length^3
mph | | 0.44704 | length time^-1
kph, kmh | | 5/18 | length time^-1
kn, kt, kts | knot | 463/900 | length time^-1
°K | degree kelvin | 1 | temperature
lbf | pound-force, pound force | 4.4482216152605 | length mass time^-2
dyn | dyne | 0.00001 | length mass time^-2
erg | erg | 1e-7 | length^2 mass time^-2
Cal | | 4184 | length^2 mass time^-2
BTU, Btu | british thermal unit | 1055.05585262 | length^2 mass time^-2
hp | horsepower | 745.69987158227022 | length^2 mass time^-3
atm | atmosphere, standard atmosphere | 101325 | length^-1 mass time^-2
mmHg | | 133.322387415 | length^-1 mass time^-2
Torr, torr | | 20265/152 | length^-1 mass time^-2
psi | pound per square inch | 44482216152605/6451600000 | length^-1 mass time^-2
° , deg | degree, degree of arc | 1 | angle
rad | radian | RADIAN | angle
arcmin | arcminute, minute of arc | 1/60 | angle
arcsec | arcsecond, second of arc | 1/3600 | angle
gon | gradian, gon | 9/10 | angle
rev, revs | revolution, turn | 360 | angle
rpm, RPM | | 6 | angle time^-1
KB | | 8000 | information
% , pct | percent, per cent, percentage | 1/100 |
‰ | permille, per mille | 1/1000 |
ppm | part per million | 1/1000000 |
ppb | part per billion | 1/1000000000 |
bps, bp | basis point | 1/10000 |
| percentage point | 1/100 |
dz, doz | dozen | 12 |
$, USD, US$ | dollar, us dollar, u.s. dollar, buck | 1 | USD
¢ | cent, us cent, penny | 1/100 | USD
€, EUR | euro | 1 | EUR
| euro cent, eurocent | 1/100 | EUR
£, GBP | pound sterling, british pound | 1 | GBP
| pence | 1/100 | GBP
¥, JPY | yen, japanese yen | 1 | JPY
CNY, RMB | yuan, renminbi | 1 | CNY
₹, INR, Rs, Rs. | rupee, indian rupee | 1 | INR
₩, KRW | korean won | 1 | KRW
CHF | swiss franc, franc | 1 | CHF
C$, CAD | canadian dollar | 1 | CAD
A$, AUD | australian dollar | 1 | AUD
MXN | peso | 1 | MXN
BRL, R$ | brazilian real | 1 | BRL
₽, RUB | ruble, rouble | 1 | RUB
KM, Km | | 1000 | length
CM | | 0.01 | length
MM | | 0.001 | length
KG, Kg | | 1 | mass
LB, LBS | | 0.45359237 | mass
FT | | 0.3048 | length
MPH | | 0.44704 | length time^-1
"""
"""Units that take none."""
