"""Names that rows of several themes are drawn from. All begin with a capital letter and are plain ASCII."""

_FIRST = """
Ada Bruno Carla Dmitri Elena Farid Greta Hugo Ines Jonas Karin Luis Mira Noor Oskar Paula Quentin Rosa Samir Tara
Ulrich Vera Walter Xenia Yusuf Zoe Anna Boris Clara David
"""
_LAST = """
Lind Okafor Marsh Petrov Costa Haddad Vogel Brandt Silva Weber Holm Ortega Novak Rahman Berg Keller Dupont Marino
Aziz Lindgren Stein Kovacs Frank Papas Demir Adler Sato Ivanov Moreau Quinn
"""
PEOPLE = tuple(f"{first} {last}" for first, last in zip(_FIRST.split(), _LAST.split(), strict=True))
CITIES = "Lyon Porto Ghent Turin Cork Graz Malmo Bergen"
COUNTRIES = "France Portugal Belgium Italy Ireland Austria Sweden Norway"
