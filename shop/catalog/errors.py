"""What can go wrong while files are taken into the catalogue; ``str()`` is a message in the reader's language."""

from django.utils.translation import gettext_lazy as _


class CatalogFileError(Exception):
    """The base of them all."""

    code = ""
    message = _("Файл каталогу не завантажено.")

    def __str__(self) -> str:
        return str(self.message)


class WrongFileStatus(CatalogFileError):
    """A file in this state cannot be moved this way: somebody was faster, or the page is old."""

    code = "status"
    message = _("Стан файлу вже змінився. Оновіть сторінку.")


class ColumnsNotFound(CatalogFileError):
    """No row of the first ones names the columns that such a file must have."""

    code = "columns"
    message = _("Не знайдено рядка з назвами колонок: потрібні бренд, артикул і те, що про них сказано.")


class TooManyCars(CatalogFileError):
    """More different cars than all catalogues of the world know."""

    code = "cars"
    message = _("У файлі забагато різних описів автомобілів. Поділіть його.")


class EmptyChoice(CatalogFileError):
    """Neither a car was chosen nor the words refused."""

    code = "choice"
    message = _("Оберіть хоча б одну модифікацію або відмовтеся від цих слів.")
