"""Addresses of the pages around the catalogue and of the catalogue itself."""

from django.urls import path

from shop.storefront.views import (
    account,
    brand,
    cars,
    category,
    compare,
    garage,
    home,
    jobs,
    languages,
    legal,
    number_list,
    part,
    search,
    vin,
)

app_name = "storefront"

urlpatterns = [
    path("", home.home, name="home"),
    path("cars/", cars.makes, name="cars"),
    path("cars/chosen/", cars.chosen_car, name="chosen_car"),
    path("cars/chosen/removal/", cars.chosen_car_removal, name="chosen_car_removal"),
    path("cars/vin/", vin.vin, name="vin"),
    path("cars/<slug:make>/", cars.make, name="make"),
    path("cars/<slug:make>/<slug:model>/", cars.model, name="model"),
    path("cars/<slug:make>/<slug:model>/<slug:generation>/", cars.generation, name="generation"),
    path(
        "cars/<slug:make>/<slug:model>/<slug:generation>/<slug:modification>/", cars.modification, name="modification"
    ),
    path("account/", account.account, name="account"),
    path("garage/", garage.garage, name="garage"),
    path("garage/<int:key>/", garage.garage_car, name="garage_car"),
    path("garage/<int:key>/removal/", garage.garage_car_removal, name="garage_car_removal"),
    path("c/", category.categories, name="categories"),
    path("c/<slug:slug>/", category.category, name="category"),
    path("b/", brand.brands, name="brands"),
    path("b/<slug:slug>/", brand.brand, name="brand"),
    path("p/<slug:brand>/<path:article_key>/", part.part, name="part"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<slug:slug>/", jobs.job, name="job"),
    path("compare/", compare.comparison, name="compare"),
    path("search/", search.search, name="search"),
    path("search/hints/", search.hints, name="search_hints"),
    path("search/list/", number_list.number_list, name="number_list"),
    path("language/", languages.language, name="language"),
    path("about/<slug:kind>/", legal.document, name="legal"),
    path("about/<slug:kind>/<int:version>/", legal.document, name="legal_version"),
]
